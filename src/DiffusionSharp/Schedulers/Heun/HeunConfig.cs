namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>HeunDiscreteScheduler</c>.</summary>
internal static class HeunConfig
{
    public static HeunScheduler Create(SchedulerConfigReader reader) => new(DiscreteConfig.ReadSigmas(reader, new HeunOptions(), reader.FixedSchedule(defaultStart: 0.00085, defaultEnd: 0.012)) with
    {
        Clipping = reader.Clamping(fallback: false),
    });
}
