using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Diffusion transformers of a class, as diffusers samples them and as their authors do.</summary>
public sealed class DiTTests
{
    [CaseTheory("dit")]
    [CaseRequests("dit")]
    public void OfAClass(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        GenerationRequest request = CaseRun.Filled(reference, new GenerationRequest());

        // diffusers' steps draw from PyTorch's global generator, for the unconditional half, too.
        request = reference.WholeNumber("global_seed") is { } seed ? request with { Parts = [new StepNoise(seed) { DrawsForBothHalves = request.GuidanceScale > 1 }] } : request;
        if (reference.Text("kind") != "dit_facebook")
        {
            Comparison.Same(reference, CaseRun.Pipeline(reference.Folder).Generate(request), tolerance);
            return;
        }

        // The authors' sampler guides three of the four channels, and its steps have the learned variance.
        using DiffusionPipeline pipeline = CaseRun.Pipeline(reference.Folder).ToBuilder().UseGuidance(new ChannelGuidance(new ClassifierFreeGuidance(), 3)).Build();
        request = request with { Scheduler = Scheduler(reference.Text("sampler")!), Timesteps = reference.Timesteps("timestep_map") };
        Comparison.Same(reference, pipeline.Generate(request), tolerance);
    }

    private static IScheduler Scheduler(string sampler) => sampler switch
    {
        "ddim_sample_loop" => new DdimScheduler(new DdimOptions { Clipping = SampleClipping.None }),
        "p_sample_loop" => new DdpmScheduler(new DdpmOptions { Clipping = SampleClipping.None, VarianceType = VarianceType.LearnedRange }),
        _ => throw new NotSupportedException($"A sampler '{sampler}'."),
    };
}
