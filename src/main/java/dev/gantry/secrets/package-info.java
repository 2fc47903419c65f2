/**
 * Secrets: values that steps need and nobody may read, encrypted before they are stored. Owns the
 * table {@code secrets}, the routes under {@code /secrets} and the file that {@code
 * gantry.secrets.key-file} names; tells no events. Imports {@code resources}, {@code http} and
 * {@code platform}; others refer to secrets through {@link dev.gantry.resources.References}, and
 * who starts a step reads values through {@link dev.gantry.secrets.SecretValues}. Start at {@link
 * dev.gantry.secrets.SecretsResource}.
 */
package dev.gantry.secrets;
