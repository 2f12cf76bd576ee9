namespace DiffusionSharp.Schedulers;

/// <summary>Reads what the configurations of schedulers that integrate in λ have in common.</summary>
internal static class LogSnrConfig
{
    /// <summary>The options with what the configuration says; the present values are those of absent keys.</summary>
    public static T Read<T>(SchedulerConfigReader reader, T defaults)
        where T : SolverOrderOptions => ReadShared(reader, defaults) with
        {
            Schedule = reader.Schedule(),
            SolverOrder = reader.WholeNumber("solver_order", 2),
            UsesDynamicShifting = reader.Flag("use_dynamic_shifting", false),
        };

    /// <summary>The same, without the noise schedule, of classes that lack what else <see cref="Read{T}"/> reads.</summary>
    public static T ReadShared<T>(SchedulerConfigReader reader, T defaults)
        where T : LogSnrOptions => DiscreteConfig.ReadSigmas(reader, defaults, defaults.Schedule) with
        {
            Clipping = reader.Thresholding(),
            LowerOrderFinal = reader.Flag("lower_order_final", defaults.LowerOrderFinal),
            FlowSigmas = reader.Flag("use_flow_sigmas", false),
            FlowShift = reader.Number("flow_shift", 1),
        };

    /// <summary>The only time shift that most of these classes have, checked.</summary>
    public static void CheckTimeShift(SchedulerConfigReader reader) => reader.Choice("time_shift_type", true, [("exponential", true)]);
}
