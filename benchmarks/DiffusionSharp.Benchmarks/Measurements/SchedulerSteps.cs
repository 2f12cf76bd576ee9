using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>
/// A step of every scheduler, guided, in turn with a plain copy that moves as many bytes: A B A B, and the median of the ratios. Stochastic ones
/// read their noise but do not draw it.
/// </summary>
internal static class SchedulerSteps
{
    private const int Steps = 20;
    private const int Placements = 7;
    private const int Rounds = 11;

    private static readonly (string Name, IScheduler Scheduler, int Arrays)[] Schedulers =
    [
        ("DDPM", new DdpmScheduler(DdpmOptions.StableDiffusion), 5),
        ("DDIM", new DdimScheduler(DdimOptions.StableDiffusion), 4),
        ("DDIM, clipped", new DdimScheduler(DdimOptions.StableDiffusion with { Clipping = SampleClipping.Clamp() }), 4),
        ("DDIM inverse", new DdimInverseScheduler(new DdimInverseOptions { Clipping = SampleClipping.None }), 4),
        ("Euler", new EulerScheduler(), 4),
        ("Euler ancestral", new EulerAncestralScheduler(), 5),
        ("Heun", new HeunScheduler(), 5 + 6),
        ("KDPM2", new Kdpm2Scheduler(), 5 + 6),
        ("KDPM2 ancestral", new Kdpm2AncestralScheduler(), 5 + 7),
        ("LMS", new LmsScheduler(), 8),
        ("PLMS", new PndmScheduler(new PndmOptions { SkipPrkSteps = true }), 8),
        ("iPNDM", new IpndmScheduler(), 8),
        ("DPM++ 2M", new DpmSolverScheduler(), 6),
        ("DPM++ 3M", new DpmSolverScheduler(new DpmSolverOptions { SolverOrder = 3 }), 7),
        ("DPM++ 2M SDE", new DpmSolverScheduler(new DpmSolverOptions { Algorithm = DpmSolverAlgorithm.SdeDpmPlusPlus }), 7),
        ("DPM++ 2S", new DpmSolverSinglestepScheduler(), 7),
        ("DPM++ SDE", new DpmSolverSdeScheduler(new DpmSolverSdeOptions { Noise = SdeNoise.Source }), 7 + 7),
        ("DEIS", new DeisScheduler(), 6),
        ("UniPC", new UniPcScheduler(), 9),
        ("SA-Solver", new SaSolverScheduler(), 10),
        ("EDM Euler", new EdmEulerScheduler(), 4),
        ("EDM DPM++ 2M", new EdmDpmSolverScheduler(), 6),
        ("Flow Euler", new FlowMatchEulerScheduler(), 4),
        ("Flow Heun", new FlowMatchHeunScheduler(), 5 + 6),
        ("LCM", new LcmScheduler(), 5),
        ("TCD", new TcdScheduler(), 5),
    ];

    public static void Run()
    {
        foreach ((_, IScheduler scheduler, int arrays) in Schedulers)
        {
            // the compiler's last tier
            Measure(scheduler, new SampleShape(1, 4, 32, 32), arrays, repeats: 100);
        }

        Console.WriteLine("| Scheduler | Arrays moved | 1x4x64x64 | 8x4x128x128 | Allocated |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach ((string name, IScheduler scheduler, int arrays) in Schedulers)
        {
            (Quartiles small, _) = Measure(scheduler, new SampleShape(1, 4, 64, 64), arrays, repeats: 200);
            (Quartiles large, long allocated) = Measure(scheduler, new SampleShape(8, 4, 128, 128), arrays, repeats: 5);
            Console.WriteLine($"| {name} | {arrays} | {small:0.00} | {large:0.00} | {allocated} B |");
        }
    }

    /// <summary>Times of a step over those of copying the same bytes, and the bytes that a step allocates.</summary>
    private static (Quartiles Ratios, long Allocated) Measure(IScheduler scheduler, SampleShape shape, int arrays, int repeats)
    {
        var ratios = new List<double>();
        long allocated = 0;
        for (int placement = 0; placement < Placements; placement++)
        {
            // how fast memory is depends on where it lies: fresh arrays each time
            Action step = MiddleStep(scheduler, shape);
            (float[] source, float[] target) = (new float[arrays * shape.Length / 2], new float[arrays * shape.Length / 2]);
            Action copy = () => source.AsSpan().CopyTo(target);
            ratios.AddRange(Paired.Ratios(Rounds, copy, step, repeats).Ratios);
            long before = GC.GetAllocatedBytesForCurrentThread();
            step();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return (Quartiles.Of(ratios), allocated);
    }

    /// <summary>One step, all its calls, in the middle of a generation, where every term of a multistep method is there.</summary>
    private static Action MiddleStep(IScheduler scheduler, SampleShape shape)
    {
        ISchedulerRun run = scheduler.Start(new SamplingPlan(Steps, shape));
        var noise = new NoNoise();
        (float[] sample, float[] next, float[] conditional, float[] unconditional) = (Normals(shape, 1), new float[shape.Length], Normals(shape, 2), Normals(shape, 3));
        int step = run.StepOf(run.CallCount / 2);
        (int middle, int end) = (run.FirstCallOf(step), run.FirstCallOf(step + 1));
        Take(0, middle);
        return () => Take(middle, end);

        void Take(int first, int end)
        {
            for (int i = first; i < end; i++)
            {
                run.Step(i, new() { Conditional = conditional, Unconditional = unconditional, ConditionalWeights = [7.5], UnconditionalWeights = [-6.5] }, sample, next, noise);
            }
        }
    }

    private static float[] Normals(SampleShape shape, long seed)
    {
        var values = new float[shape.Length];
        new TorchCpuNoise(seed).Fill(values);
        return values;
    }
}
