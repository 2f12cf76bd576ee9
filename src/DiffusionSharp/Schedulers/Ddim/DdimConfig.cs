namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>DDIMScheduler</c>.</summary>
internal static class DdimConfig
{
    public static DdimScheduler Create(SchedulerConfigReader reader) => new(DiscreteConfig.Read(reader, new DdimOptions(), reader.Schedule()) with
    {
        Clipping = reader.Clipping(),
        SetAlphaToOne = reader.Flag("set_alpha_to_one", true),
    });
}
