using Tft.Adapters.Simulation;

namespace Tft.Adapters.Seeding;

/// <summary>What a store is filled with.</summary>
/// <param name="Fleet">The simulated fleet.</param>
/// <param name="Hours">Length of the past.</param>
/// <param name="EverySeconds">Between two samples of a server.</param>
/// <param name="Live">Go on with the clock when the past is written.</param>
internal sealed record SeedPlan(SimulatedFleetOptions Fleet, double Hours, int EverySeconds, bool Live);
