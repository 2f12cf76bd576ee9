using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Serialization;

/// <summary>The library's schedulers, each with the options that it has where JSON says nothing.</summary>
internal static class KnownSchedulers
{
    private static readonly List<Type> Schedulers = [];
    private static readonly Dictionary<Type, Func<object>> DefaultOptions = [];

    static KnownSchedulers()
    {
        Add<ConsistencyScheduler, ConsistencyOptions>();
        Add<DdimScheduler, DdimOptions>();
        Add<DdimInverseScheduler, DdimInverseOptions>();
        Add<DdpmScheduler, DdpmOptions>();
        Add<DeisScheduler, DeisOptions>();
        Add<DpmSolverScheduler, DpmSolverOptions>();
        Add<DpmSolverAncestralScheduler, DpmSolverAncestralOptions>();
        Add<DpmSolverInverseScheduler, DpmSolverInverseOptions>();
        Add<DpmSolverSdeScheduler, DpmSolverSdeOptions>();
        Add<DpmSolverSinglestepScheduler, DpmSolverSinglestepOptions>();
        Add<EdmDpmSolverScheduler, EdmDpmSolverOptions>();
        Add<EdmEulerScheduler, EdmEulerOptions>();
        Add<ErSdeScheduler, ErSdeOptions>();
        Add<EulerScheduler, EulerOptions>();
        Add<EulerAncestralScheduler, EulerAncestralOptions>();
        Add<EulerCfgPlusPlusScheduler, EulerCfgPlusPlusOptions>();
        Add<FlowMatchEulerScheduler, FlowMatchEulerOptions>();
        Add<FlowMatchHeunScheduler, FlowMatchHeunOptions>();
        Add<GradientEstimationScheduler, GradientEstimationOptions>();
        Add<HeunScheduler, HeunOptions>();
        Add<IpndmScheduler, IpndmOptions>();
        Add<KarrasVeScheduler, KarrasVeOptions>();
        Add<Kdpm2Scheduler, Kdpm2Options>();
        Add<Kdpm2AncestralScheduler, Kdpm2AncestralOptions>();
        Add<LcmScheduler, LcmOptions>();
        Add<LmsScheduler, LmsOptions>();
        Add<PndmScheduler, PndmOptions>();
        Add<RePaintScheduler, RePaintOptions>();
        Add<Res2sScheduler, Res2sOptions>();
        Add<ResMultistepScheduler, ResMultistepOptions>();
        Add<SaSolverScheduler, SaSolverOptions>();
        Add<ScmScheduler, ScmOptions>();
        Add<ScoreSdeVeScheduler, ScoreSdeVeOptions>();
        Add<TcdScheduler, TcdOptions>();
        Add<UniPcScheduler, UniPcOptions>();
        Add<WuerstchenScheduler, WuerstchenOptions>();
    }

    /// <summary>Every class of scheduler.</summary>
    public static IReadOnlyList<Type> Types => Schedulers;

    /// <summary>What makes the default options of each.</summary>
    public static IReadOnlyDictionary<Type, Func<object>> Options => DefaultOptions;

    private static void Add<TScheduler, TOptions>()
        where TScheduler : Scheduler<TOptions>
        where TOptions : class, new()
    {
        Schedulers.Add(typeof(TScheduler));
        DefaultOptions.Add(typeof(TOptions), static () => new TOptions());
    }
}
