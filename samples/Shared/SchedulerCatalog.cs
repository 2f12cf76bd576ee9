using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Samples;

/// <summary>Schedulers by the names that people know, for a model that has one already: its noise schedule and prediction type stay.</summary>
internal static class SchedulerCatalog
{
    // What Samplers does not name: options of its own, and samplers of other processes than the model's, which has to be seen as one of theirs.
    private static readonly Dictionary<string, Func<DiscreteSchedulerOptions, IScheduler>> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DDIM eta 1"] = model => new DdimScheduler(model.For<DdimOptions>() with { Eta = 1 }),
        ["Consistency"] = _ => new ConsistencyScheduler(),
        ["EDM Euler"] = _ => new EdmEulerScheduler(),
        ["EDM DPM++ 2M"] = _ => new EdmDpmSolverScheduler(),
        ["Flow Euler"] = _ => new FlowMatchEulerScheduler(new FlowMatchEulerOptions { Shift = 3 }),
        ["Flow Heun"] = _ => new FlowMatchHeunScheduler(new FlowMatchHeunOptions { Shift = 3 }),
    };

    /// <summary>The names of samplers that take a usual guidance scale, which those of CFG++ do not.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. Samplers.Names.Where(name => !name.Contains("CFG++", StringComparison.Ordinal)), "DPM++ 2M Karras", .. Others.Keys];

    /// <summary>A pipeline of the parts of another that samples with the scheduler of a name; dispose it, too.</summary>
    /// <param name="pipeline">The pipeline of a model.</param>
    /// <param name="name">One of <see cref="Names"/>, or any other that <see cref="Samplers.ByName"/> knows.</param>
    /// <param name="model">What is known of the model.</param>
    public static DiffusionPipeline With(DiffusionPipeline pipeline, string name, DiscreteSchedulerOptions model)
    {
        IScheduler scheduler = Others.TryGetValue(name, out Func<DiscreteSchedulerOptions, IScheduler>? create) ? create(model) : Samplers.ByName(name, model);
        DiffusionPipelineBuilder builder = pipeline.ToBuilder().UseScheduler(scheduler);
        if (scheduler is not IDiscreteScheduler)
        {
            builder.UseNoisePredictor(new ProcessAdapter(pipeline.NoisePredictor!, model.Schedule));
        }

        return builder.Build();
    }

    /// <summary>What a pipeline's present scheduler knows of its model.</summary>
    public static DiscreteSchedulerOptions ModelOf(DiffusionPipeline pipeline) => pipeline.Scheduler is IDiscreteScheduler scheduler
        ? scheduler.Options
        : throw new NotSupportedException($"The model's scheduler {pipeline.Scheduler} cannot be replaced by this sample.");
}
