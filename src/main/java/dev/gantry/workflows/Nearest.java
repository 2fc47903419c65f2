package dev.gantry.workflows;

import java.util.Collection;
import java.util.Locale;

/**
 * Finds the name that a wrong one was probably meant to be. Has a budget of comparisons, since a
 * hostile document asks often: when it is spent, there is just no proposal any more.
 */
final class Nearest {
  private static final int LONGEST = 64;
  private int budget = 50_000;

  /** {@code : did you mean 'depends'?}, or nothing when no candidate is near. */
  String hint(String wrong, Collection<String> candidates) {
    String nearest = among(wrong, candidates);
    return nearest == null ? "" : ": did you mean " + Quoted.quote(nearest) + "?";
  }

  /** The nearest candidate, or null when none is near enough. */
  String among(String wrong, Collection<String> candidates) {
    budget -= candidates.size();
    if (budget < 0 || wrong.isEmpty() || wrong.length() > LONGEST) {
      return null;
    }
    String best = null;
    int smallest = allowance(wrong.length()) + 1;
    for (String candidate : candidates) {
      if (Math.abs(candidate.length() - wrong.length()) < smallest) {
        int distance = distance(fold(wrong), fold(candidate));
        if (distance < smallest) {
          smallest = distance;
          best = candidate;
        }
      }
    }
    return best;
  }

  private static int allowance(int length) {
    return Math.min(3, Math.max(1, length / 3));
  }

  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Insertions, deletions, replacements and swaps of neighbours from one to the other. */
  static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
        if (isSwap(a, i, b, j)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      int[] free = before;
      before = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }

  private static boolean isSwap(String a, int i, String b, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
