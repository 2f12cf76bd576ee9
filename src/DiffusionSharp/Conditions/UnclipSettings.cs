namespace DiffusionSharp.Conditions;

/// <summary>How the stages of a system with a prior go, besides the one that draws, which takes the request's own steps and guidance.</summary>
public sealed record UnclipSettings : IRequestPart
{
    /// <summary>Steps of the prior, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int PriorSteps { get; init => field = AtLeastOne(value); } = 25;

    /// <summary>Guidance scale of the prior, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or not a number.</exception>
    public float PriorGuidanceScale
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The guidance scale must be a number of at least 0.");
    } = 4;

    /// <summary>Steps of the stage that enlarges the picture, where there is one; at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int UpscalerSteps { get; init => field = AtLeastOne(value); } = 7;

    /// <summary>The timestep to which Stable unCLIP noises the prior's embedding, at least 0; what is usual for the model when null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int? NoiseLevel { get; init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Negative."); }

    private static int AtLeastOne(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return steps;
    }
}
