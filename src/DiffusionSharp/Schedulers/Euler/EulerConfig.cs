namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>EulerDiscreteScheduler</c>.</summary>
internal static class EulerConfig
{
    public static EulerScheduler Create(SchedulerConfigReader reader) => new(DiscreteConfig.ReadSigmas(reader, new EulerOptions(), reader.Schedule()) with
    {
        SigmaMin = reader.OptionalNumber("sigma_min"),
        SigmaMax = reader.OptionalNumber("sigma_max"),
        InterpolatesInLog = reader.Choice("interpolation_type", false, [("linear", false), ("log_linear", true)]),
        UsesContinuousTimesteps = reader.Choice("timestep_type", false, [("discrete", false), ("continuous", true)]),
        FinalSigma = reader.ReadFinalSigma(),
    });
}
