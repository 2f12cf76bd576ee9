namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>DPMSolverSDEScheduler</c>.</summary>
internal static class DpmSolverSdeConfig
{
    public static DpmSolverSdeScheduler Create(SchedulerConfigReader reader) => new(DiscreteConfig.ReadSigmas(reader, new DpmSolverSdeOptions(), reader.FixedSchedule(defaultStart: 0.00085, defaultEnd: 0.012)) with
    {
        NoiseSeed = reader.OptionalWholeNumber("noise_sampler_seed"),
    });
}
