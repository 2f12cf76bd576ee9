namespace DiffusionSharp.Schedulers;

/// <summary>Reads what the configurations of schedulers over a discrete noise schedule have in common.</summary>
internal static class DiscreteConfig
{
    /// <summary>The options with what the configuration says; the present values are those of absent keys.</summary>
    public static T Read<T>(SchedulerConfigReader reader, T defaults, NoiseSchedule schedule)
        where T : DiscreteSchedulerOptions => defaults with
        {
            Schedule = schedule,
            PredictionType = reader.PredictionType(),
            TimestepSpacing = reader.TimestepSpacing(defaults.TimestepSpacing),
            StepsOffset = reader.WholeNumber("steps_offset", 0),
        };

    /// <summary>The same of schedulers that step through noise levels σ, whose spacing is in the configuration, too.</summary>
    public static T ReadSigmas<T>(SchedulerConfigReader reader, T defaults, NoiseSchedule schedule)
        where T : SigmaOptions => Read(reader, defaults, schedule) with { SigmaSpacing = reader.ReadSigmaSpacing() };
}
