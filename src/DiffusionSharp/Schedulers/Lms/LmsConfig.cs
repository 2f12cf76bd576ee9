namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>LMSDiscreteScheduler</c>.</summary>
internal static class LmsConfig
{
    public static LmsScheduler Create(SchedulerConfigReader reader) =>
        new(DiscreteConfig.ReadSigmas(reader, new LmsOptions(), reader.FixedSchedule(defaultStart: 0.0001, defaultEnd: 0.02)));
}
