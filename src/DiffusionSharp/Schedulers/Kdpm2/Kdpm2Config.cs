namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>KDPM2DiscreteScheduler</c>.</summary>
internal static class Kdpm2Config
{
    public static Kdpm2Scheduler Create(SchedulerConfigReader reader) => new(new Kdpm2Options
    {
        Schedule = reader.FixedSchedule(defaultStart: 0.00085, defaultEnd: 0.012),
        PredictionType = reader.PredictionType(),
        TimestepSpacing = reader.TimestepSpacing(TimestepSpacing.Linspace),
        StepsOffset = reader.WholeNumber("steps_offset", 0),
        SigmaSpacing = reader.ReadSigmaSpacing(),
    });
}
