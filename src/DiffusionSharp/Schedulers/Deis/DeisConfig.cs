namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>DEISMultistepScheduler</c>.</summary>
internal static class DeisConfig
{
    public static DeisScheduler Create(SchedulerConfigReader reader)
    {
        LogSnrConfig.CheckTimeShift(reader);

        // It has one algorithm and one type; names of related classes stand for them, as in diffusers.
        reader.Choice("algorithm_type", true, [("deis", true), ("dpmsolver", true), ("dpmsolver++", true)]);
        reader.Choice("solver_type", true, [("logrho", true), ("midpoint", true), ("heun", true), ("bh1", true), ("bh2", true)]);
        return new(LogSnrConfig.Read(reader, new DeisOptions()));
    }
}
