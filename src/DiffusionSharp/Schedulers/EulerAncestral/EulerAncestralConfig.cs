namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>EulerAncestralDiscreteScheduler</c>.</summary>
internal static class EulerAncestralConfig
{
    public static EulerAncestralScheduler Create(SchedulerConfigReader reader) =>
        new(DiscreteConfig.Read(reader, new EulerAncestralOptions(), reader.Schedule()));
}
