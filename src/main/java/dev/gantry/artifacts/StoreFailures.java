package dev.gantry.artifacts;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Makes of what the SDK throws what an operator can do something about. Pure code. */
final class StoreFailures {
  private static final int MOVED = 301;
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private StoreFailures() {}

  /** What is not the SDK's stays as it is. */
  static Throwable told(Throwable failure) {
    if (failure instanceof S3Exception answer) {
      return new ObjectStoreException(
          "the object store answered " + answer(answer) + advice(answer.statusCode()), answer);
    }
    if (failure instanceof SdkException unanswered) {
      return new ObjectStoreException(
          "the object store cannot be asked: " + unanswered.getMessage(), unanswered);
    }
    return failure;
  }

  /** An answer to HEAD has a status alone. */
  private static String answer(S3Exception e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    return code == null || code.isBlank()
        ? String.valueOf(e.statusCode())
        : e.statusCode() + " " + code + ", " + details.errorMessage();
  }

  private static String advice(int status) {
    return switch (status) {
      case UNAUTHORIZED, FORBIDDEN ->
          ": look at GANTRY_ARTIFACTS_ACCESS_KEY and GANTRY_ARTIFACTS_SECRET_KEY, and at what they"
              + " may do in the bucket";
      case NOT_FOUND -> ": look at GANTRY_ARTIFACTS_BUCKET";
      case MOVED, BAD_REQUEST -> ": look at GANTRY_ARTIFACTS_REGION and GANTRY_ARTIFACTS_ENDPOINT";
      default -> "";
    };
  }
}
