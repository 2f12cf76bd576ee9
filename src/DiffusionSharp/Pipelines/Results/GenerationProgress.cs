namespace DiffusionSharp;

/// <summary>How far a generation is: one report after each step.</summary>
/// <param name="Step">Steps done, from 1 to <paramref name="Count"/>.</param>
/// <param name="Count">Steps in all.</param>
/// <param name="Timestep">The timestep of the step just done, in training units.</param>
public readonly record struct GenerationProgress(int Step, int Count, double Timestep)
{
    /// <summary>The share done, in (0, 1].</summary>
    public double Fraction => (double)Step / Count;
}
