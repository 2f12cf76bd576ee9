using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Diffusers;
using DiffusionSharp.Emoji;
using DiffusionSharp.Guidance;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp.Snippets;

/// <summary>Compiled, but not run: the models are not part of the repository.</summary>
internal static class SystemSnippets
{
    public static async Task DiT(string folder)
    {
        #region dit
        using DiffusionPipeline dit = OnnxDiffusionPipeline.Load(folder);
        var request = new GenerationRequest { ClassLabel = 207, GuidanceScale = 4, Steps = 50, Seed = 1 };
        GenerationResult result = await dit.GenerateAsync(request);

        using DiffusionPipeline ofItsAuthors = dit.ToBuilder()
            .UseGuidance(new ChannelGuidance(new ClassifierFreeGuidance(), channels: 3))
            .UseScheduler(new DdpmScheduler(new DdpmOptions { VarianceType = VarianceType.LearnedRange, Clipping = SampleClipping.None }))
            .Build();
        #endregion
        result.Images[0].SaveAsPng("dit.png");
        (await ofItsAuthors.GenerateAsync(request)).Images[0].SaveAsPng("dit-of-its-authors.png");
    }

    public static async Task Consistency(string folder)
    {
        #region consistency
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder);
        GenerationResult one = await pipeline.GenerateAsync(new GenerationRequest { ClassLabel = 3, Steps = 1, Seed = 1 });
        GenerationResult two = await pipeline.GenerateAsync(new GenerationRequest { ClassLabel = 3, Timesteps = [22, 0], Seed = 1 });
        #endregion
        one.Images[0].SaveAsPng("one.png");
        two.Images[0].SaveAsPng("two.png");
    }

    public static async Task Upscaler(string folder)
    {
        #region upscaler
        using DiffusionPipeline upscaler = OnnxDiffusionPipeline.Load(folder);
        Tensor<float> small = ImageTensors.Load("small.png", ImageFit.ToMultipleOf(8));
        GenerationResult result = await upscaler.GenerateAsync(new TextToImageRequest("a red apple") { Parts = [new LowResolution(small) { NoiseLevel = 20 }], Seed = 1 });
        #endregion
        result.Images[0].SaveAsPng("large.png");
    }

    public static async Task DeepFloyd(string folder, string folderOfSecond)
    {
        #region deepfloyd
        using Cascade cascade = await OnnxCascade.LoadAsync([folder, folderOfSecond]);
        GenerationResult result = await cascade.GenerateAsync(new TextToImageRequest("a red apple")
        {
            Steps = 100,
            Parts = [new UpscalerSettings { Steps = 50, GuidanceScale = 4, NoiseLevel = 250 }],
            Seed = 1,
        });
        #endregion
        result.Images[0].SaveAsPng("apple.png");
    }

    public static async Task Unclip(string folder)
    {
        #region unclip
        using Cascade unclip = await OnnxCascade.LoadAsync(folder);
        var request = new TextToImageRequest("a red apple")
        {
            Steps = 25,
            GuidanceScale = 8,
            Parts = [new UnclipSettings { PriorSteps = 25, PriorGuidanceScale = 4 }, new UpscalerSettings { Steps = 7 }],
            Seed = 1,
        };
        GenerationResult result = await unclip.GenerateAsync(request);
        #endregion
        result.Images[0].SaveAsPng("apple.png");
    }

    public static async Task Embeddings(Cascade unclip, Tensor<float> apple, Tensor<float> pear)
    {
        #region embeddings
        Tensor<float> between = ImageEmbedding.Between(apple, pear, 0.5);
        GenerationResult result = await unclip.Pipelines[1].GenerateAsync(new TextToImageRequest("fruit") { Parts = [new ImageEmbedding(between)], Seed = 1 });
        #endregion
        result.Images[0].SaveAsPng("between.png");
    }

    public static async Task Kandinsky(string folderOfPrior, string folder)
    {
        #region kandinsky
        using DiffusionPipeline prior = OnnxDiffusionPipeline.Load(folderOfPrior);
        using DiffusionPipeline decoder = OnnxDiffusionPipeline.Load(folder);
        using var encoder = new OnnxImageEncoder(Path.Combine(folderOfPrior, "image_encoder", "model.onnx"));
        Tensor<float> nothing = encoder.EncodeNothing();
        var embeddings = (EmbeddingSpace)prior.LatentSpace;
        Cascade cascade = Cascade
            .Start(prior, request => request with { Steps = 25, GuidanceScale = 4 })
            .Then(decoder, state => new GenerationRequest
            {
                Steps = state.Request.Steps,
                GuidanceScale = state.Request.GuidanceScale,
                Parts = [new ImageEmbedding(embeddings.Embeddings(state.Result.Latents)) { Negative = nothing }],
            });
        GenerationResult result = await cascade.GenerateAsync(new TextToImageRequest("a red apple") { Steps = 50, GuidanceScale = 4, Seed = 1 });
        #endregion
        result.Images[0].SaveAsPng("apple.png");
    }

    public static async Task PublishedUnclip(string folder)
    {
        #region load-diffusers-cascade
        using Cascade unclip = await DiffusersCascade.LoadAsync(folder);
        GenerationResult result = await unclip.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
        #endregion
        result.Images[0].SaveAsPng("apple.png");
    }

    public static Tensor<float> PublishedKandinsky(string folderOfPrior, string folder)
    {
        #region load-diffusers-kandinsky
        using DiffusionPipeline prior = DiffusersPipeline.Load(folderOfPrior);
        using DiffusionPipeline decoder = DiffusersPipeline.Load(folder);
        using OnnxImageEncoder encoder = DiffusersImageEncoder.Load(Path.Combine(folderOfPrior, "image_encoder"));
        Tensor<float> nothing = encoder.EncodeNothing();
        #endregion
        return nothing;
    }

    public static async Task LatentDiffusion(string folder)
    {
        #region latent-diffusion
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder);
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a painting of a squirrel eating a burger")
        {
            GuidanceScale = 6,
            Scheduler = new DdimScheduler(DdimOptions.StableDiffusion with { StepsOffset = 0, Eta = 0.3 }),
            Parts = [new StepNoise(Seed: 5)],
            Seed = 7,
        });
        #endregion
        result.Images[0].SaveAsPng("squirrel.png");
    }

    public static async Task WordPieces(string folder)
    {
        #region word-pieces
        using DiffusionPipeline embedded = EmojiPipeline.Load();
        using DiffusionPipeline pipeline = embedded.ToBuilder()
            .UseTextEncoder(new OnnxTextEncoder(Path.Combine(folder, "bert", "model.onnx"), BertTokenizer.Load(Path.Combine(folder, "tokenizer"))))
            .Build();
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a panda left of a rose") { Seed = 1 });
        #endregion
        result.Images[0].SaveAsPng("panda-and-rose.png");
    }

    public static async Task LatentSuperResolution(string folder, Tensor<float> small)
    {
        #region latent-super-resolution
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder);
        GenerationResult result = await pipeline.GenerateAsync(new GenerationRequest { Parts = [new LowResolution(small)], Steps = 100, Seed = 1 });
        #endregion
        result.Images[0].SaveAsPng("large.png");
    }

    public static async Task Generator(string file)
    {
        #region generator
        using DiffusionPipeline gan = DiffusionPipeline.CreateBuilder()
            .UseLatentDecoder(new OnnxGenerator(file))
            .UseConditions(new ClassConditions(classes: 8))
            .UseDefaults(new GenerationDefaults { Width = 32, Height = 32 })
            .Build();
        GenerationResult result = await gan.GenerateAsync(new GenerationRequest { ClassLabels = [0, 3, 7], Count = 3, Seed = 1 });
        #endregion
        result.Images[0].SaveAsPng("drawn-in-one-pass.png");
    }
}
