namespace DiffusionSharp.Conditions;

/// <summary>How the prior of a system that has one goes; the stage that draws takes the request's own steps and guidance, and one that enlarges the picture <see cref="UpscalerSettings"/>.</summary>
public sealed record UnclipSettings : IRequestPart
{
    /// <summary>Steps of the prior, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int PriorSteps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 25;

    /// <summary>Guidance scale of the prior, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or not a number.</exception>
    public float PriorGuidanceScale
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The guidance scale must be a number of at least 0.");
    } = 4;

    /// <summary>The timestep to which Stable unCLIP noises the prior's embedding, at least 0; what is usual for the model when null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int? NoiseLevel { get; init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Negative."); }
}
