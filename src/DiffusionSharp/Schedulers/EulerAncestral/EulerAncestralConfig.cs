namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>EulerAncestralDiscreteScheduler</c>.</summary>
internal static class EulerAncestralConfig
{
    public static EulerAncestralScheduler Create(SchedulerConfigReader reader) => new(new EulerAncestralOptions
    {
        Schedule = reader.Schedule(),
        PredictionType = reader.PredictionType(),
        TimestepSpacing = reader.TimestepSpacing(TimestepSpacing.Linspace),
        StepsOffset = reader.WholeNumber("steps_offset", 0),
    });
}
