using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>
/// OpenAI's guided-diffusion (ADM, Dhariwal &amp; Nichol 2021, arXiv:2105.05233): networks with learned variance, guided by a classifier's gradient as a
/// score, respaced timesteps, and an upsampler.
/// </summary>
public sealed class GuidedDiffusionTests
{
    [CaseTheory("adm")]
    [CaseRequests("adm")]
    [CaseRequests("admrescale")]
    [CaseRequests("admuncond")]
    [CaseRequests("admup")]
    public void Adm(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        double? scale = reference.Number("classifier_scale");
        using OnnxClassifier? classifier = scale is null ? null : new OnnxClassifier(reference.FileAt("classifier/model.onnx"));
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(new OnnxNoisePredictor(reference.FileAt("unet/model.onnx")))
            .UseScheduler(new RescaledTimesteps(Scheduler(reference), TimestepScale(reference)))
            .UseGuidance(classifier is null ? new ClassifierFreeGuidance() : new ClassifierGuidance(new ClassifierFreeGuidance(), classifier, scale!.Value, asScore: true))
            .UsePixelSpace()
            .Build();

        int[] timesteps = Respacing.Of(reference.Said("diffusion").GetProperty("timestep_respacing").GetString()!, Steps(reference));
        Assert.Equal(reference.Said("timestep_map").EnumerateArray().Select(timestep => timestep.GetInt32()), timesteps);
        IReadOnlyList<long> seeds = reference.WholeNumbers("seeds")!;
        Tensor<float>? low = reference.Recorded("inputs", "low_res");
        var request = new GenerationRequest
        {
            Count = seeds.Count,
            Seeds = seeds,
            ClassLabels = reference.WholeNumbers("labels"),
            Width = reference.WholeNumber("width"),
            Height = reference.WholeNumber("height"),
            Timesteps = [.. timesteps.Reverse()],
            Conditioning = low is null ? Conditioning.None : Conditioning.None.With("low_res", low),
        };
        Comparison.Same(reference, pipeline.Generate(request), tolerance);
    }

    private static int Steps(Case reference) => reference.Said("diffusion").GetProperty("steps").GetInt32();

    // Networks trained with rescaled timesteps are asked at those of a thousand, as fractions.
    private static double TimestepScale(Case reference) => reference.Said("diffusion").GetProperty("rescale_timesteps").GetBoolean() ? 1000.0 / Steps(reference) : 1;

    private static IScheduler Scheduler(Case reference)
    {
        bool Is(string key) => reference.Said("diffusion").GetProperty(key).GetBoolean();
        NoiseSchedule schedule = reference.Said("diffusion").GetProperty("noise_schedule").GetString() == "cosine" ? NoiseSchedule.SquaredCosine(Steps(reference)) : NoiseSchedule.Linear(Steps(reference), 0.1 / Steps(reference), 20.0 / Steps(reference));
        PredictionType predicts = Is("predict_xstart") ? PredictionType.Sample : PredictionType.Epsilon;
        SampleClipping clipping = reference.Request.GetProperty("clip_denoised").GetBoolean() ? SampleClipping.Clamp() : SampleClipping.None;
        return reference.Text("sampler") == "ddim_sample_loop"
            ? new DdimScheduler(new DdimOptions { Schedule = schedule, PredictionType = predicts, Clipping = clipping, DrawsEveryStep = true, UseClippedModelOutput = true, Eta = reference.Number("eta") ?? 0 })
            : new DdpmScheduler(new DdpmOptions
            {
                Schedule = schedule,
                PredictionType = predicts,
                Clipping = clipping,
                DrawsEveryStep = true,
                VarianceType = Is("learn_sigma") ? VarianceType.LearnedRange : Is("sigma_small") ? VarianceType.FixedSmall : VarianceType.FixedLarge,
            });
    }

    /// <summary>A scheduler whose network is told other timesteps.</summary>
    private sealed class RescaledTimesteps(IScheduler inner, double scale) : IScheduler
    {
        public ISchedulerRun Start(SamplingPlan plan) => new Run(inner.Start(plan), scale);

        private sealed class Run(ISchedulerRun inner, double scale) : DelegatingSchedulerRun(inner)
        {
            public override NoiseLevel LevelAt(int call)
            {
                NoiseLevel level = Inner.LevelAt(call);
                return level with { Timestep = level.Timestep * scale };
            }
        }
    }
}
