namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>KDPM2AncestralDiscreteScheduler</c>.</summary>
internal static class Kdpm2AncestralConfig
{
    public static Kdpm2AncestralScheduler Create(SchedulerConfigReader reader) => new(new Kdpm2AncestralOptions
    {
        Schedule = reader.FixedSchedule(defaultStart: 0.00085, defaultEnd: 0.012),
        PredictionType = reader.PredictionType(),
        TimestepSpacing = reader.TimestepSpacing(TimestepSpacing.Linspace),
        StepsOffset = reader.WholeNumber("steps_offset", 0),
        SigmaSpacing = reader.ReadSigmaSpacing(),
    });
}
