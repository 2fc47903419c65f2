/**
 * The care of Kafka, for the installation's own admins: what the topics are and should be, and the
 * dead letters, to be looked at and sent once more. Reads Kafka alone and owns no table. Start at
 * {@link dev.gantry.broker.BrokerResource}.
 */
package dev.gantry.broker;
