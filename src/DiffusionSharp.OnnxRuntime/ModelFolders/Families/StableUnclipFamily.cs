using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Stable unCLIP: unCLIP's prior (Ramesh et al. 2022, arXiv:2204.06125), and Stable Diffusion that is shown the noised embedding in place of a class.</summary>
internal sealed class StableUnclipFamily : CascadeFamily
{
    public override IReadOnlyList<string> Classes { get; } = ["StableUnCLIPPipeline"];

    public override IReadOnlyList<string> Components { get; } =
    [
        "prior_tokenizer", "prior_text_encoder", "prior", "prior_scheduler", "image_normalizer", "image_noising_scheduler", "tokenizer", "text_encoder", "unet", "scheduler",
        .. FolderAutoencoder.Names,
    ];

    public override Func<Cascade> Read(FolderReader folder)
    {
        var prior = new PriorStage(folder, "prior_");
        IScheduler priorScheduler = folder.SchedulerOf("prior_scheduler");
        IScheduler scheduler = folder.Scheduler();
        Loading<OnnxNoisePredictor> unet = folder.NoisePredictor("unet");
        Loading<OnnxTextEncoder> text = folder.RequireTextEncoder("text_encoder", "tokenizer");
        FolderAutoencoder autoencoder = folder.RequireAutoencoder();
        EmbeddingSpace embeddings = PriorStage.ReadSpace(folder, "image_normalizer", "mean", "std", "statistics.json");
        NoiseAugmentation augmentation = folder.Augmentation("image_noising_scheduler", usual: 0);
        return () =>
        {
            DiffusionPipeline ofPrior = prior.Use(folder.NewBuilder().UseScheduler(priorScheduler), new EmptyPromptGuidance()).Build();
            DiffusionPipelineBuilder builder = folder.NewBuilder()
                .UseScheduler(scheduler)
                .UseNoisePredictor(folder.Batched(unet.Value))
                .UseTextEncoder(folder.Cached(text))
                .UseConditions(new NoisedEmbeddingConditions(embeddings, augmentation))
                .UseDefaults(folder.Defaults(unet.Value, autoencoder, new GenerationDefaults { Steps = 20, GuidanceScale = 10 }));
            autoencoder.Use(builder);
            DiffusionPipeline ofPicture = builder.Build();
            return Cascade
                .Start(ofPrior, request => PriorStage.RequestOf(request, Math.Max(1, Settings(request).PriorGuidanceScale)))
                .Then(ofPicture, state => state.Request with { Seed = state.Result.Request.Seed, Parts = [.. state.Request.Parts, new ImageEmbedding(prior.Space.Embeddings(state.Result.Latents)) { NoiseLevel = Settings(state.Request).NoiseLevel }] })
                .WithDefaults(ofPicture.Defaults)
                .WithSizeMultiple(ofPicture.SizeMultiple)
                .Owning();
        };
    }

    private static UnclipSettings Settings(GenerationRequest request) => request.Part<UnclipSettings>() ?? new UnclipSettings();
}
