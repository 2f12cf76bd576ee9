namespace DiffusionSharp;

/// <summary>How far a generation is: one report after each step.</summary>
/// <param name="Step">Steps done, from 1 to <paramref name="Count"/>.</param>
/// <param name="Count">Steps in all, of this stage.</param>
/// <param name="Timestep">The timestep of the step just done, in training units.</param>
public readonly record struct GenerationProgress(int Step, int Count, double Timestep)
{
    private readonly int _stagesBesides;

    /// <summary>The stage of a <see cref="Cascade"/>, from 0; 0 where there is only one.</summary>
    public int Stage { get; init; }

    /// <summary>Stages in all.</summary>
    public int StageCount
    {
        get => _stagesBesides + 1;
        init => _stagesBesides = value - 1;
    }

    /// <summary>The share done, in (0, 1], every stage counted alike.</summary>
    public double Fraction => (Stage + ((double)Step / Count)) / StageCount;
}
