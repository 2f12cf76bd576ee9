namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>DPMSolverSDEScheduler</c>.</summary>
internal static class DpmSolverSdeConfig
{
    public static DpmSolverSdeScheduler Create(SchedulerConfigReader reader) => new(new DpmSolverSdeOptions
    {
        Schedule = reader.FixedSchedule(defaultStart: 0.00085, defaultEnd: 0.012),
        PredictionType = reader.PredictionType(),
        TimestepSpacing = reader.TimestepSpacing(TimestepSpacing.Linspace),
        StepsOffset = reader.WholeNumber("steps_offset", 0),
        SigmaSpacing = reader.ReadSigmaSpacing(),
        NoiseSeed = reader.OptionalWholeNumber("noise_sampler_seed"),
    });
}
