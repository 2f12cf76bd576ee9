using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// unCLIP, DALL-E 2's design (Ramesh et al. 2022, arXiv:2204.06125): a prior from the prompt to the embedding of a picture, a decoder from both to a small picture, and a
/// network that enlarges it, with another one for its last step. The negative prompt is always empty.
/// </summary>
internal sealed class UnclipFamily : CascadeFamily
{
    public override IReadOnlyList<string> Classes { get; } = ["UnCLIPPipeline"];

    public override IReadOnlyList<string> Components { get; } =
        ["tokenizer", "text_encoder", "prior", "prior_scheduler", "text_proj", "decoder", "decoder_scheduler", "super_res_first", "super_res_last", "super_res_scheduler"];

    public override Func<Cascade> Read(FolderReader folder)
    {
        var prior = new PriorStage(folder, "");
        IScheduler priorScheduler = folder.SchedulerOf("prior_scheduler");
        IScheduler decoderScheduler = folder.Scheduler("decoder_scheduler");
        IScheduler upscalerScheduler = folder.SchedulerOf("super_res_scheduler");
        Loading<OnnxNoisePredictor> decoder = folder.NoisePredictor("decoder");
        Loading<OnnxNoisePredictor> first = folder.NoisePredictor("super_res_first");
        Loading<OnnxNoisePredictor> last = folder.NoisePredictor("super_res_last");
        Loading<TextProjection> guided = folder.Load("text_proj", "text_proj", static (source, onnx, token) => new TextProjection(source, onnx, token));
        Loading<TextProjection> unguided = folder.Load("text_proj_unguided", "text_proj", static (source, onnx, token) => new TextProjection(source, onnx, token));
        return () =>
        {
            var guidance = new EmptyPromptGuidance();
            DiffusionPipeline ofPrior = prior.Use(folder.NewBuilder().UseScheduler(priorScheduler), guidance).Build();

            // It holds the prior's text encoder, too.
            DiffusionPipeline ofDecoder = ofPrior.ToBuilder()
                .UsePixelSpace()
                .UseScheduler(decoderScheduler)
                .UseNoisePredictor(folder.Batched(decoder.Value))
                .UseConditions(new TextProjectionConditions(guided.Value, unguided.Value))
                .UseDefaults(folder.Defaults(decoder.Value, null, new GenerationDefaults { Width = 64, Height = 64, Steps = 25, GuidanceScale = 8 }))
                .Build();
            DiffusionPipeline ofUpscaler = folder.NewBuilder()
                .UsePixelSpace()
                .UseScheduler(upscalerScheduler)
                .UseNoisePredictor(new LastStepPredictor(folder.Batched(first.Value), folder.Batched(last.Value)))
                .UseConditions(new LowResolutionConditions(Resampling.BicubicInside))
                .UseDefaults(folder.Defaults(first.Value, null, new GenerationDefaults { Width = 256, Height = 256 }) with { Steps = 7 })
                .Build();
            return Cascade
                .Start(ofPrior, request => PriorStage.RequestOf(request, Scale(request, Settings(request).PriorGuidanceScale)))
                .Then(ofDecoder, state => Decoder(state) with { Parts = [.. state.Request.Parts, new ImageEmbedding(prior.Space.Embeddings(state.Result.Latents))] })
                .Then(ofUpscaler, state => new GenerationRequest
                {
                    Count = state.Request.Count,
                    Seed = state.Results[0].Request.Seed,
                    Seeds = state.Request.Seeds,
                    Steps = state.Request.Part<UpscalerSettings>()?.Steps,
                    Width = state.Request.Width,
                    Height = state.Request.Height,
                    Parts = [new LowResolution(Clamped(state.Result.Latents))],
                })
                .WithDefaults(ofDecoder.Defaults with { Width = ofUpscaler.Defaults.Width, Height = ofUpscaler.Defaults.Height })
                .WithSizeMultiple(ofUpscaler.SizeMultiple)
                .Owning();
        };
    }

    private static UnclipSettings Settings(GenerationRequest request) => request.Part<UnclipSettings>() ?? new UnclipSettings();

    // The picture's size is the upscaler's; the decoder has its own.
    private static GenerationRequest Decoder(CascadeState state) => state.Request with
    {
        GuidanceScale = state.Request.GuidanceScale is { } wanted ? Scale(state.Request, wanted) : null,
        Seed = state.Results[0].Request.Seed,
        Width = null,
        Height = null,
    };

    // Both stages are guided where either is.
    private static float Scale(GenerationRequest request, float wanted) => Settings(request).PriorGuidanceScale > 1 || request.GuidanceScale > 1 ? wanted : 1;

    private static Tensor<float> Clamped(Tensor<float> pictures)
    {
        float[] values = pictures.Values().ToArray();
        TensorPrimitives.Clamp(values, -1, 1, values);
        return Tensor.Create(values, pictures.Lengths);
    }
}
