/**
 * What is told to the world: CloudEvents 1.0 on {@code <prefix>.events}, ordered and counted per
 * subject. Imports {@code platform} and {@code messaging}.
 */
package dev.gantry.events;
