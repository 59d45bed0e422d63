package dev.kapell.sim.cluster;

import dev.kapell.base.Randomness;
import dev.kapell.sim.lane.Lane;
import dev.kapell.store.Store;

/**
 * What outlives the processes of a cluster.
 *
 * @param lane carries all threads, and is the only clock
 * @param random for uids, names, addresses
 * @param store keeps the objects
 * @param weather what the store is like at present
 * @param authors who wrote which revision
 * @param load what the pods of each app have to do
 * @param managers how many sets of controllers contend for the lead; with one, nobody contends
 * @param interference bugs put in on purpose
 */
record Site(
    Lane lane,
    Randomness random,
    Store store,
    Weather weather,
    Authors authors,
    Load load,
    int managers,
    Interference interference) {}
