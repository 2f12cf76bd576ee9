namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>DDIMInverseScheduler</c>.</summary>
internal static class DdimInverseConfig
{
    public static DdimInverseScheduler Create(SchedulerConfigReader reader) => new(DiscreteConfig.Read(reader, new DdimInverseOptions(), reader.Schedule()) with
    {
        Clipping = reader.Clipping(),

        // The second key is an older name of the first and wins over it.
        SetAlphaToOne = reader.Flag("set_alpha_to_zero", reader.Flag("set_alpha_to_one", true)),
    });
}
