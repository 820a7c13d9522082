namespace Tft.Bench.Fleet;

/// <summary>What a fleet of one size costs.</summary>
/// <param name="Servers">Its size.</param>
/// <param name="Tick">Seconds from the first record of a tick until all servers are forecast from it, the median of some.</param>
/// <param name="TickNote">How the time divides.</param>
/// <param name="Memory">Largest resident size seen, GB.</param>
/// <param name="MemoryNote">What is left of it in other units.</param>
/// <param name="Model">The model folder's name.</param>
/// <param name="Hidden">Its networks' hidden size.</param>
/// <param name="Networks">How many it has.</param>
internal sealed record FleetFigures(int Servers, double Tick, string TickNote, double Memory, string MemoryNote, string Model, int Hidden, int Networks);
