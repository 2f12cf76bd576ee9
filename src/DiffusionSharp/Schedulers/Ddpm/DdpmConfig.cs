using DiffusionSharp.Schedulers.Configuration;

namespace DiffusionSharp.Schedulers.Ddpm;

/// <summary>Reads the configuration of diffusers' <c>DDPMScheduler</c>.</summary>
internal static class DdpmConfig
{
    private static readonly (string Name, VarianceType Value)[] VarianceTypes =
    [
        ("fixed_small", VarianceType.FixedSmall),
        ("fixed_small_log", VarianceType.FixedSmallLog),
        ("fixed_large", VarianceType.FixedLarge),
        ("fixed_large_log", VarianceType.FixedLargeLog),
        ("learned", VarianceType.Learned),
        ("learned_range", VarianceType.LearnedRange),
    ];

    public static DdpmScheduler Create(SchedulerConfigReader reader) => new(new DdpmOptions
    {
        Schedule = reader.Schedule(),
        PredictionType = reader.PredictionType(),
        Clipping = reader.Clipping(),
        TimestepSpacing = reader.TimestepSpacing(TimestepSpacing.Leading),
        StepsOffset = reader.Integer("steps_offset", 0),
        VarianceType = reader.Choice("variance_type", VarianceType.FixedSmall, VarianceTypes),
    });
}
