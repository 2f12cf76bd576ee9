namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>HeunDiscreteScheduler</c>.</summary>
internal static class HeunConfig
{
    public static HeunScheduler Create(SchedulerConfigReader reader) => new(new HeunOptions
    {
        Schedule = reader.FixedSchedule(defaultStart: 0.00085, defaultEnd: 0.012),
        PredictionType = reader.PredictionType(),
        TimestepSpacing = reader.TimestepSpacing(TimestepSpacing.Linspace),
        StepsOffset = reader.WholeNumber("steps_offset", 0),
        SigmaSpacing = reader.ReadSigmaSpacing(),
        Clipping = reader.Clamping(fallback: false),
    });
}
