namespace DiffusionSharp.Conditions;

/// <summary>The steps of a generation and its model calls, of which a step may have several.</summary>
/// <param name="Steps">How many steps.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="FirstOf">The call that a step begins with.</param>
internal sealed record CallGrid(int Steps, int Calls, Func<int, int> FirstOf);
