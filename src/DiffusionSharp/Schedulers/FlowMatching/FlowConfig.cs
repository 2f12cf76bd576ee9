namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configurations of diffusers' <c>FlowMatchEulerDiscreteScheduler</c>, <c>FlowMatchLCMScheduler</c> and <c>FlowMatchHeunDiscreteScheduler</c>.</summary>
internal static class FlowConfig
{
    public static FlowMatchEulerScheduler CreateEuler(SchedulerConfigReader reader) => new(Read(reader) with { IsStochastic = reader.Flag("stochastic_sampling", false) });

    // Steps that go to x_0 and noise it anew are the stochastic ones of the Euler scheduler.
    public static FlowMatchEulerScheduler CreateLcm(SchedulerConfigReader reader)
    {
        reader.RequireAbsent("scale_factors", "a generation has one size from its first step to its last");
        reader.Text("upscale_mode", null);
        return new(Read(reader) with { IsStochastic = true });
    }

    public static FlowMatchHeunScheduler CreateHeun(SchedulerConfigReader reader) => new(new FlowMatchHeunOptions
    {
        TrainingTimesteps = reader.WholeNumber("num_train_timesteps", 1000),
        Shift = reader.Number("shift", 1),
    });

    private static FlowMatchEulerOptions Read(SchedulerConfigReader reader) => new()
    {
        TrainingTimesteps = reader.WholeNumber("num_train_timesteps", 1000),
        Shift = reader.Number("shift", 1),
        DynamicShift = DynamicShift(reader),
        ShiftTerminal = reader.Number("shift_terminal", 0),
        SigmaSpacing = reader.ReadSigmaSpacing(),
        InvertsSigmas = reader.Flag("invert_sigmas", false),
        StartsFromUniformSigmas = reader.PipelineClass?.Contains("Flux", StringComparison.Ordinal) == true,
    };

    private static DynamicShift? DynamicShift(SchedulerConfigReader reader)
    {
        var shift = new DynamicShift
        {
            Type = reader.Choice("time_shift_type", TimeShiftType.Exponential, [("exponential", TimeShiftType.Exponential), ("linear", TimeShiftType.Linear)]),
            BaseShift = reader.Number("base_shift", 0.5),
            MaxShift = reader.Number("max_shift", 1.15),
            BaseTokens = reader.WholeNumber("base_image_seq_len", 256),
            MaxTokens = reader.WholeNumber("max_image_seq_len", 4096),
        };
        return reader.Flag("use_dynamic_shifting", false) ? shift : null;
    }
}
