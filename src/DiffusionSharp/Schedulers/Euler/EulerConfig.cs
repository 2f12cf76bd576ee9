namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>EulerDiscreteScheduler</c>.</summary>
internal static class EulerConfig
{
    public static EulerScheduler Create(SchedulerConfigReader reader) => new(new EulerOptions
    {
        Schedule = reader.Schedule(),
        PredictionType = reader.PredictionType(),
        TimestepSpacing = reader.TimestepSpacing(TimestepSpacing.Linspace),
        StepsOffset = reader.WholeNumber("steps_offset", 0),
        SigmaSpacing = reader.ReadSigmaSpacing(),
        SigmaMin = reader.OptionalNumber("sigma_min"),
        SigmaMax = reader.OptionalNumber("sigma_max"),
        InterpolatesInLog = reader.Choice("interpolation_type", false, [("linear", false), ("log_linear", true)]),
        UsesContinuousTimesteps = reader.Choice("timestep_type", false, [("discrete", false), ("continuous", true)]),
        FinalSigma = reader.ReadFinalSigma(),
    });
}
