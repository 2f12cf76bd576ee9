using DiffusionSharp.Schedulers;
using DiffusionSharp.Schedulers.Ddim;
using DiffusionSharp.Schedulers.Ddpm;
using DiffusionSharp.Schedulers.Deis;
using DiffusionSharp.Schedulers.DpmSolver;
using DiffusionSharp.Schedulers.DpmSolverSinglestep;
using DiffusionSharp.Schedulers.Euler;
using DiffusionSharp.Schedulers.EulerAncestral;
using DiffusionSharp.Schedulers.Heun;
using DiffusionSharp.Schedulers.Kdpm2;
using DiffusionSharp.Schedulers.Kdpm2Ancestral;
using DiffusionSharp.Schedulers.Lms;
using DiffusionSharp.Schedulers.Pndm;
using DiffusionSharp.Schedulers.Sigmas;
using DiffusionSharp.Schedulers.UniPc;

namespace DiffusionSharp.Samples;

/// <summary>Schedulers by the names that people know, for a model that has one already: its noise schedule and prediction type stay.</summary>
internal static class SchedulerCatalog
{
    private static readonly Dictionary<string, Func<DiscreteSchedulerOptions, IScheduler>> Factories = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ddpm"] = model => new DdpmScheduler(DdpmOptions.From(model)),
        ["ddim"] = model => new DdimScheduler(DdimOptions.From(model)),
        ["ddim-eta1"] = model => new DdimScheduler(DdimOptions.From(model) with { Eta = 1 }),
        ["plms"] = model => new PndmScheduler(PndmOptions.From(model) with { SkipPrkSteps = true }),
        ["lms"] = model => new LmsScheduler(LmsOptions.From(model)),
        ["euler"] = model => new EulerScheduler(EulerOptions.From(model)),
        ["euler-a"] = model => new EulerAncestralScheduler(EulerAncestralOptions.From(model)),
        ["heun"] = model => new HeunScheduler(HeunOptions.From(model)),
        ["kdpm2"] = model => new Kdpm2Scheduler(Kdpm2Options.From(model)),
        ["kdpm2-a"] = model => new Kdpm2AncestralScheduler(Kdpm2AncestralOptions.From(model)),
        ["dpm++2m"] = model => new DpmSolverScheduler(DpmSolverOptions.From(model)),
        ["dpm++2m-karras"] = model => new DpmSolverScheduler(DpmSolverOptions.From(model) with { SigmaSpacing = SigmaSpacing.Karras }),
        ["dpm++2m-sde"] = model => new DpmSolverScheduler(DpmSolverOptions.From(model) with { Algorithm = DpmSolverAlgorithm.SdeDpmPlusPlus }),
        ["dpm++2s"] = model => new DpmSolverSinglestepScheduler(DpmSolverSinglestepOptions.From(model)),
        ["deis"] = model => new DeisScheduler(DeisOptions.From(model)),
        ["unipc"] = model => new UniPcScheduler(UniPcOptions.From(model)),
    };

    public static IReadOnlyCollection<string> Names => Factories.Keys;

    /// <summary>The scheduler of a name for the model of a pipeline.</summary>
    public static IScheduler Create(string name, DiscreteSchedulerOptions model) => Factories.TryGetValue(name, out Func<DiscreteSchedulerOptions, IScheduler>? create)
        ? create(model)
        : throw new ArgumentException($"Unknown scheduler '{name}': known are {string.Join(", ", Names)}.");

    /// <summary>What a pipeline's present scheduler knows of its model.</summary>
    public static DiscreteSchedulerOptions ModelOf(DiffusionPipeline pipeline) => pipeline.Scheduler is IDiscreteScheduler scheduler
        ? scheduler.Options
        : throw new NotSupportedException($"The model's scheduler {pipeline.Scheduler} cannot be replaced by this sample.");
}
