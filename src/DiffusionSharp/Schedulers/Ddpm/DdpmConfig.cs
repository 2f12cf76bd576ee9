namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>DDPMScheduler</c> and <c>UnCLIPScheduler</c>.</summary>
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

    private static readonly (string Name, VarianceType Value)[] UnclipVarianceTypes = [("fixed_small_log", VarianceType.FixedSmallLog), ("learned_range", VarianceType.LearnedRange)];

    private static readonly (string Name, Func<int, NoiseSchedule> Create)[] UnclipShapes = [("squaredcos_cap_v2", NoiseSchedule.SquaredCosine)];

    // UnCLIP's scheduler is DDPM with a schedule and a spacing of its own.
    public static DdpmScheduler CreateUnclip(SchedulerConfigReader reader) => new(new DdpmOptions
    {
        Schedule = reader.Choice("beta_schedule", NoiseSchedule.SquaredCosine, UnclipShapes)(reader.WholeNumber("num_train_timesteps", 1000)),
        PredictionType = reader.PredictionType(),
        Clipping = reader.Clipping(),
        TimestepSpacing = TimestepSpacing.Linspace,
        VarianceType = reader.Choice("variance_type", VarianceType.FixedSmallLog, UnclipVarianceTypes),
        UsesScheduledBetas = true,
    });

    public static DdpmScheduler Create(SchedulerConfigReader reader) => new(DiscreteConfig.Read(reader, new DdpmOptions(), reader.Schedule()) with
    {
        Clipping = reader.Clipping(),
        VarianceType = reader.Choice("variance_type", VarianceType.FixedSmall, VarianceTypes),
    });
}
