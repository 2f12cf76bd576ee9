namespace DiffusionSharp.Conditions;

/// <summary>How the stages of a cascade that enlarge a picture go, besides the one that draws it, which takes the request's own steps and guidance.</summary>
public sealed record UpscalerSettings : IRequestPart
{
    /// <summary>Steps of each, at least 1; the default of its pipeline when null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? Steps { get; init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The number of steps must be at least 1."); }

    /// <summary>Guidance scale of each, at least 0; the default of its pipeline when null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or not a number.</exception>
    public float? GuidanceScale { get; init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The guidance scale must be a number of at least 0."); }

    /// <summary>The timestep to which what is enlarged is noised (<see cref="LowResolution.NoiseLevel"/>), at least 0; what is usual for each network when null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int? NoiseLevel { get; init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Negative."); }
}
