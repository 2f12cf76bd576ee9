namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>LMSDiscreteScheduler</c>.</summary>
internal static class LmsConfig
{
    public static LmsScheduler Create(SchedulerConfigReader reader) => new(new LmsOptions
    {
        Schedule = reader.FixedSchedule(defaultStart: 0.0001, defaultEnd: 0.02),
        PredictionType = reader.PredictionType(),
        TimestepSpacing = reader.TimestepSpacing(TimestepSpacing.Linspace),
        StepsOffset = reader.WholeNumber("steps_offset", 0),
        SigmaSpacing = reader.ReadSigmaSpacing(),
    });
}
