using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Samples;

/// <summary>Schedulers by the names that people know, for a model that has one already: its noise schedule and prediction type stay.</summary>
internal static class SchedulerCatalog
{
    private static readonly Dictionary<string, Func<DiscreteSchedulerOptions, IScheduler>> Factories = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ddpm"] = model => new DdpmScheduler(model.For<DdpmOptions>()),
        ["ddim"] = model => new DdimScheduler(model.For<DdimOptions>()),
        ["ddim-eta1"] = model => new DdimScheduler(model.For<DdimOptions>() with { Eta = 1 }),
        ["plms"] = model => new PndmScheduler(model.For<PndmOptions>()),
        ["lms"] = model => new LmsScheduler(model.For<LmsOptions>()),
        ["euler"] = model => new EulerScheduler(model.For<EulerOptions>()),
        ["euler-a"] = model => new EulerAncestralScheduler(model.For<EulerAncestralOptions>()),
        ["heun"] = model => new HeunScheduler(model.For<HeunOptions>()),
        ["kdpm2"] = model => new Kdpm2Scheduler(model.For<Kdpm2Options>()),
        ["kdpm2-a"] = model => new Kdpm2AncestralScheduler(model.For<Kdpm2AncestralOptions>()),
        ["dpm++sde"] = model => new DpmSolverSdeScheduler(model.For<DpmSolverSdeOptions>()),
        ["dpm++2m"] = model => new DpmSolverScheduler(model.For<DpmSolverOptions>()),
        ["dpm++2m-karras"] = model => new DpmSolverScheduler(model.For<DpmSolverOptions>() with { SigmaSpacing = SigmaSpacing.Karras }),
        ["dpm++3m"] = model => new DpmSolverScheduler(model.For<DpmSolverOptions>() with { SolverOrder = 3 }),
        ["dpm++2m-sde"] = model => new DpmSolverScheduler(model.For<DpmSolverOptions>() with { Algorithm = DpmSolverAlgorithm.SdeDpmPlusPlus }),
        ["dpm++2s"] = model => new DpmSolverSinglestepScheduler(model.For<DpmSolverSinglestepOptions>()),
        ["deis"] = model => new DeisScheduler(model.For<DeisOptions>()),
        ["unipc"] = model => new UniPcScheduler(model.For<UniPcOptions>()),
        ["sa-solver"] = model => new SaSolverScheduler(model.For<SaSolverOptions>()),
        ["lcm"] = model => new LcmScheduler(model.For<LcmOptions>()),
        ["tcd"] = model => new TcdScheduler(model.For<TcdOptions>()),
        ["consistency"] = _ => new ConsistencyScheduler(),
        ["edm-euler"] = _ => new EdmEulerScheduler(),
        ["edm-dpm++2m"] = _ => new EdmDpmSolverScheduler(),
        ["flow-euler"] = _ => new FlowMatchEulerScheduler(new FlowMatchEulerOptions { Shift = 3 }),
        ["flow-heun"] = _ => new FlowMatchHeunScheduler(new FlowMatchHeunOptions { Shift = 3 }),
    };

    // Samplers of other processes than the model's, which has to be seen as one of theirs.
    private static readonly HashSet<string> OfOtherProcesses = new(StringComparer.OrdinalIgnoreCase) { "consistency", "edm-euler", "edm-dpm++2m", "flow-euler", "flow-heun" };

    public static IReadOnlyCollection<string> Names => Factories.Keys;

    /// <summary>A pipeline of the parts of another that samples with the scheduler of a name; dispose it, too.</summary>
    /// <param name="pipeline">The pipeline of a model.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="model">What is known of the model.</param>
    public static DiffusionPipeline With(DiffusionPipeline pipeline, string name, DiscreteSchedulerOptions model)
    {
        if (!Factories.TryGetValue(name, out Func<DiscreteSchedulerOptions, IScheduler>? create))
        {
            throw new ArgumentException($"Unknown scheduler '{name}': known are {string.Join(", ", Names)}.");
        }

        DiffusionPipelineBuilder builder = pipeline.ToBuilder().UseScheduler(create(model));
        if (OfOtherProcesses.Contains(name))
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
