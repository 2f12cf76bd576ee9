namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>DDIMInverseScheduler</c>.</summary>
internal static class DdimInverseConfig
{
    public static DdimInverseScheduler Create(SchedulerConfigReader reader) => new(new DdimInverseOptions
    {
        Schedule = reader.Schedule(),
        PredictionType = reader.PredictionType(),
        Clipping = reader.Clipping(),
        TimestepSpacing = reader.TimestepSpacing(TimestepSpacing.Leading),
        StepsOffset = reader.WholeNumber("steps_offset", 0),

        // The second key is an older name of the first and wins over it.
        SetAlphaToOne = reader.Flag("set_alpha_to_zero", reader.Flag("set_alpha_to_one", true)),
    });
}
