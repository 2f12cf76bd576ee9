using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>A scheduler of every class that configurations know, and of what their options change in what a run remembers.</summary>
internal static class KnownSchedulers
{
    public static readonly SampleShape Shape = new(2, 2, 3, 5);

    private static readonly Dictionary<string, Func<IScheduler>> Further = new()
    {
        ["DDIM with noise"] = () => new DdimScheduler(new DdimOptions { Eta = 0.5 }),
        ["PLMS"] = () => new PndmScheduler(PndmOptions.StableDiffusion),
        ["Euler with churn"] = () => new EulerScheduler(new EulerOptions { Churn = 5 }),
        ["EDM Euler with churn"] = () => new EdmEulerScheduler(new EdmEulerOptions { Churn = 5 }),
        ["Heun, thresholded"] = () => new HeunScheduler(new HeunOptions { Clipping = SampleClipping.DynamicThreshold(0.9f) }),
        ["LMS of v"] = () => new LmsScheduler(new LmsOptions { PredictionType = PredictionType.Velocity }),
        ["DPM-Solver 3"] = () => new DpmSolverScheduler(new DpmSolverOptions { SolverOrder = 3, Algorithm = DpmSolverAlgorithm.Dpm, FinalSigma = FinalSigma.SigmaMin }),
        ["SDE-DPM-Solver++"] = () => new DpmSolverScheduler(new DpmSolverOptions { Algorithm = DpmSolverAlgorithm.SdeDpmPlusPlus }),
        ["DPM-Solver singlestep 3"] = () => new DpmSolverSinglestepScheduler(new DpmSolverSinglestepOptions { SolverOrder = 3 }),
        ["DPM-Solver of flow"] = () => new DpmSolverScheduler(new DpmSolverOptions { PredictionType = PredictionType.Flow, FlowSigmas = true, FlowShift = 3 }),
        ["UniPC 3 of noise"] = () => new UniPcScheduler(new UniPcOptions { SolverOrder = 3, PredictsNoise = true, UncorrectedSteps = [1] }),
        ["SA-Solver 4"] = () => new SaSolverScheduler(new SaSolverOptions { PredictorOrder = 4, CorrectorOrder = 3, Tau = _ => 1 }),
        ["DPM++ SDE of the source"] = () => new DpmSolverSdeScheduler(new DpmSolverSdeOptions { Noise = SdeNoise.Source }),
        ["Flow Heun with churn"] = () => new FlowMatchHeunScheduler(new FlowMatchHeunOptions { Churn = 5 }),
        ["Flow Euler, inverted"] = () => new FlowMatchEulerScheduler(new FlowMatchEulerOptions { InvertsSigmas = true, Shift = 3 }),
        ["Karras VE without churn"] = () => new KarrasVeScheduler(new KarrasVeOptions { Churn = 0 }),
        ["Score SDE without corrector"] = () => new ScoreSdeVeScheduler(new ScoreSdeVeOptions { CorrectorSteps = 0 }),
        ["Flow Euler, stochastic"] = () => new FlowMatchEulerScheduler(new FlowMatchEulerOptions { IsStochastic = true }),
    };

    private static readonly Dictionary<string, Func<IScheduler>> BesideDiffusers = new()
    {
        ["DPM++ 2S ancestral"] = () => new DpmSolverAncestralScheduler(),
        ["RES 2s"] = () => new Res2sScheduler(),
        ["RES multistep"] = () => new ResMultistepScheduler(),
        ["RES multistep ancestral"] = () => new ResMultistepScheduler(new ResMultistepOptions { Eta = 1 }),
        ["Gradient estimation"] = () => new GradientEstimationScheduler(),
        ["ER-SDE"] = () => new ErSdeScheduler(),
        ["Euler CFG++"] = () => new EulerCfgPlusPlusScheduler(),
        ["Euler ancestral CFG++"] = () => new EulerCfgPlusPlusScheduler(new EulerCfgPlusPlusOptions { Eta = 1 }),
    };

    public static IEnumerable<string> Names => SchedulerConfig.KnownClasses.Concat(Further.Keys).Concat(SamplersBesideDiffusers);

    /// <summary>Samplers that no class of diffusers stands for, by the names that they say themselves.</summary>
    public static IEnumerable<string> SamplersBesideDiffusers => BesideDiffusers.Keys;

    public static IScheduler Create(string name) =>
        Further.TryGetValue(name, out Func<IScheduler>? create) || BesideDiffusers.TryGetValue(name, out create) ? create() : SchedulerConfig.Create($$"""{"_class_name": "{{name}}"}""");

    /// <summary>A run of few steps; what is known of the sample is for RePaint.</summary>
    public static ISchedulerRun Start(string name, int steps) => Create(name).Start(new SamplingPlan(steps, Shape)
    {
        KnownRegion = new KnownRegion(Values(7), Array.ConvertAll(Values(8), x => x > 0 ? 1f : 0), Values(9)),
    });

    /// <summary>Normal values, the same for the same seed.</summary>
    public static float[] Values(long seed)
    {
        var values = new float[Shape.Length];
        new TorchCpuNoise(seed).Fill(values);
        return values;
    }
}
