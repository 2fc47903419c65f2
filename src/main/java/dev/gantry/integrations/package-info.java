/**
 * Integrations: named sets of configuration and secrets for a system that steps work with. Owns the
 * table {@code integrations} and the routes under {@code /integrations}; tells no events. Steps get
 * them through {@link dev.gantry.integrations.IntegrationSettings}. Imports {@code resources} and
 * {@code http}; refers to secrets through {@link dev.gantry.resources.References}. Start at {@link
 * dev.gantry.integrations.IntegrationsResource}.
 */
package dev.gantry.integrations;
