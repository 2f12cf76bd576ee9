using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Between the first and the last step of a generation the managed heap does not grow, whatever the options.</summary>
public class StepAllocationTests
{
    private const int Steps = 100;

    public static TheoryData<string, string, bool> Cases()
    {
        var cases = new TheoryData<string, string, bool>();
        foreach (string scheduler in (string[])["DDPM", "DDPM learned", "DDPM learned range", "DDIM", "DDIM with noise", "DDIM with clipped output", "Euler", "Euler ancestral", "Heun", "KDPM2", "KDPM2 ancestral", "DPM++ SDE", "LMS", "EDM Euler", "PNDM", "PLMS", "iPNDM", "DPM-Solver", "SDE-DPM-Solver", "DPM-Solver singlestep", "DEIS", "UniPC", "UniPC of noise", "EDM DPM-Solver"])
        {
            foreach (string clipping in (string[])["none", "clamp", "threshold"])
            {
                cases.Add(scheduler, clipping, true);
                cases.Add(scheduler, clipping, false);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_step_allocates_nothing(string name, string clipping, bool guided)
    {
        var shape = new SampleShape(2, 3, 8, 8);
        IScheduler scheduler = Create(name, clipping);
        ISchedulerRun steps = scheduler.Start(new SamplingPlan(Steps, shape));
        var predictor = new TwiceTheChannels(name.Contains("learned", StringComparison.Ordinal));
        Conditioning text = Conditioning.Of((ConditionNames.Context, Tensor.CreateFromShape<float>([2, 1, 1])));
        using var guidance = new GuidedRun(new ClassifierFreeGuidance(), predictor, shape, text, text, guided ? 5 : 1);
        var noise = new PerImageNoise(new TorchCpuNoise(1L), new TorchCpuNoise(2L));
        var sample = new float[shape.Length];
        var next = new float[shape.Length];
        noise.Fill(sample);

        int index = 0;
        void Step()
        {
            steps.PrepareInput(index, sample, guidance.Sample);
            guidance.Predict(steps.LevelAt(index).Timestep);
            steps.Step(index, guidance.Prediction, sample, next, noise);
            steps.PredictOriginal(index, guidance.Prediction, sample, sample);
            (sample, next) = (next, sample);
            index++;
        }

        long allocated = AllocatedBytes.LeastOf(4, () =>
        {
            for (int i = 0; i < Steps / 4; i++)
            {
                Step();
            }
        });
        Assert.Equal(0, allocated);
    }

    private static IScheduler Create(string name, string clipping)
    {
        SampleClipping kind = clipping switch
        {
            "none" => SampleClipping.None,
            "clamp" => SampleClipping.Clamp(),
            _ => SampleClipping.DynamicThreshold(0.9f, 2),
        };
        return name switch
        {
            "DDPM" => new DdpmScheduler(new DdpmOptions { Clipping = kind }),
            "DDPM learned" => new DdpmScheduler(new DdpmOptions { Clipping = kind, VarianceType = VarianceType.Learned }),
            "DDPM learned range" => new DdpmScheduler(new DdpmOptions { Clipping = kind, VarianceType = VarianceType.LearnedRange }),
            "DDIM" => new DdimScheduler(new DdimOptions { Clipping = kind }),
            "DDIM with noise" => new DdimScheduler(new DdimOptions { Clipping = kind, Eta = 1 }),
            "Euler" => new EulerScheduler(new EulerOptions { Clipping = kind, Churn = 20 }),
            "Euler ancestral" => new EulerAncestralScheduler(new EulerAncestralOptions { Clipping = kind }),
            "Heun" => new HeunScheduler(new HeunOptions { Clipping = kind }),
            "KDPM2" => new Kdpm2Scheduler(new Kdpm2Options { Clipping = kind }),
            "DPM++ SDE" => new DpmSolverSdeScheduler(new DpmSolverSdeOptions { Clipping = kind }),
            "KDPM2 ancestral" => new Kdpm2AncestralScheduler(new Kdpm2AncestralOptions { Clipping = kind }),
            "LMS" => new LmsScheduler(new LmsOptions { Clipping = kind }),
            "EDM Euler" => new EdmEulerScheduler(new EdmEulerOptions { Clipping = kind }),
            "PNDM" => new PndmScheduler(),
            "PLMS" => new PndmScheduler(PndmOptions.StableDiffusion),
            "iPNDM" => new IpndmScheduler(),
            "DPM-Solver" => new DpmSolverScheduler(new DpmSolverOptions { Clipping = kind, SolverOrder = 3, Algorithm = DpmSolverAlgorithm.Dpm }),
            "SDE-DPM-Solver" => new DpmSolverScheduler(new DpmSolverOptions { Clipping = kind, Algorithm = DpmSolverAlgorithm.SdeDpmPlusPlus }),
            "DPM-Solver singlestep" => new DpmSolverSinglestepScheduler(new DpmSolverSinglestepOptions { Clipping = kind, SolverOrder = 3 }),
            "DEIS" => new DeisScheduler(new DeisOptions { Clipping = kind, SolverOrder = 3 }),
            "UniPC" => new UniPcScheduler(new UniPcOptions { Clipping = kind, SolverOrder = 3, UncorrectedSteps = [1, 2] }),
            "UniPC of noise" => new UniPcScheduler(new UniPcOptions { Clipping = kind, PredictsNoise = true }),
            "EDM DPM-Solver" => new EdmDpmSolverScheduler(new EdmDpmSolverOptions { Clipping = kind }),
            _ => new DdimScheduler(new DdimOptions { Clipping = kind, UseClippedModelOutput = true }),
        };
    }

    /// <summary>A model that halves its input; of two channels per channel the second, a variance, is 0.25.</summary>
    private sealed class TwiceTheChannels(bool withVariance) : INoisePredictor
    {
        public IPredictionRun Start(PredictionPlan plan) => new Run(plan.Shape, withVariance ? 2 : 1);

        private sealed class Run(SampleShape shape, int factor) : StatelessPredictionRun(shape)
        {
            private readonly float[] _sample = new float[shape.Length];
            private readonly float[] _prediction = [.. Enumerable.Repeat(0.25f, shape.Length * factor)];

            public override Span<float> Sample => _sample;

            public override Span<float> Prediction => _prediction;

            public override void SetConditions(Conditioning conditioning)
            {
            }

            public override void Predict(in StepPoint at)
            {
                for (int i = 0; i < _sample.Length; i++)
                {
                    (int image, int place) = Math.DivRem(i, Shape.ImageLength);
                    _prediction[(image * factor * Shape.ImageLength) + place] = _sample[i] / 2;
                }
            }
        }
    }
}
