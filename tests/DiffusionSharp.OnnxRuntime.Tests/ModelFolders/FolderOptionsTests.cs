using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Tests.ModelFolders;

public class FolderOptionsTests
{
    [Fact]
    public void The_size_is_what_the_network_was_trained_at_unless_the_options_say_otherwise()
    {
        using var folder = new ModelFolder("optimum-float32");
        using DiffusionPipeline asTrained = OnnxDiffusionPipeline.Load(folder.Path);
        Assert.Equal(new GenerationDefaults { Width = 16, Height = 16, Steps = 30, GuidanceScale = 7.5f }, asTrained.Defaults);

        var defaults = new GenerationDefaults { Width = 24, Height = 40, Steps = 3, GuidanceScale = 1 };
        using DiffusionPipeline asAsked = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { Defaults = defaults });
        Assert.Equal(defaults, asAsked.Defaults);
        GenerationResult result = asAsked.Generate(new TextToImageRequest("red"));
        Assert.Equal([1, 4, 20, 12], result.Latents.Lengths.ToArray());
        Assert.Equal(3, result.Timings.Steps);
    }

    [Fact]
    public void Steps_and_guidance_scale_are_the_folders_where_it_says_them()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Edit("model_index.json", json => (json["num_inference_steps"], json["guidance_scale"]) = (7, 1.5));
        using DiffusionPipeline own = OnnxDiffusionPipeline.Load(folder.Path);
        Assert.Equal(new GenerationDefaults { Width = 16, Height = 16, Steps = 7, GuidanceScale = 1.5f }, own.Defaults);
        GenerationResult result = own.Generate(new TextToImageRequest("red"));
        Assert.Equal((7, 1.5f), (result.Images[0].Request.Steps, result.Images[0].Request.GuidanceScale));

        folder.Edit("model_index.json", json => json.Remove("guidance_scale"));
        using DiffusionPipeline half = OnnxDiffusionPipeline.Load(folder.Path);
        Assert.Equal((7, 7.5f), (half.Defaults.Steps, half.Defaults.GuidanceScale));
    }

    [Fact]
    public void The_size_is_512_where_the_folder_says_nothing()
    {
        using var folder = new ModelFolder("legacy-float32");
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        Assert.Equal((512, 512), (pipeline.Defaults.Width, pipeline.Defaults.Height));
    }

    [Fact]
    public void The_scheduler_is_the_folders_unless_the_options_bring_one()
    {
        using var folder = new ModelFolder("optimum-float32");
        using DiffusionPipeline own = OnnxDiffusionPipeline.Load(folder.Path);
        Assert.IsType<DdimScheduler>(own.Scheduler);

        // Then the folder's is not even looked at.
        File.Delete(folder.File("scheduler/scheduler_config.json"));
        var scheduler = new DdpmScheduler(new DdpmOptions());
        using DiffusionPipeline replaced = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { Scheduler = scheduler });
        Assert.Same(scheduler, replaced.Scheduler);
    }

    [Fact]
    public void Prompts_are_read_in_the_syntax_of_the_options()
    {
        using var folder = new ModelFolder("optimum-float32");
        using DiffusionPipeline plain = OnnxDiffusionPipeline.Load(folder.Path);

        // The fixtures' network looks at nothing but the mean, which the usual emphasis restores.
        A1111PromptSyntax syntax = PromptSyntax.A1111 with { Emphasis = A1111Emphasis.NoNorm };
        using DiffusionPipeline weighted = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { PromptSyntax = syntax, CachedPrompts = 4 });
        Assert.Null(Assert.Single(plain.TextEncoders).Syntax);
        Assert.Same(syntax, Assert.Single(weighted.TextEncoders).Syntax);

        float[] expected = Latents(plain, "red blue");
        Assert.Equal(expected, Latents(weighted, "(red:1) blue"));
        Assert.NotEqual(expected, Latents(weighted, "(red:1.5) blue"));
        Assert.NotEqual(Latents(weighted, "red"), Latents(weighted, "[red:blue:2]"));

        static float[] Latents(DiffusionPipeline pipeline, string prompt) => [.. pipeline.Generate(new TextToImageRequest(prompt) { Steps = 4, Seed = 3, Decodes = false }).Latents.Values()];
    }

    [Fact]
    public void A_latent_space_of_the_options_replaces_the_folders()
    {
        using var folder = new ModelFolder("optimum-float32");
        var space = new LatentSpace { Channels = 4, DownsamplingFactor = 2, Scale = 3, Shift = 1 };
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { LatentSpace = space });
        Assert.Equal(space, pipeline.LatentSpace);
        Assert.Equal(space, pipeline.LatentEncoder!.LatentSpace);
    }

    [Fact]
    public void Every_model_is_loaded_with_the_options_for_execution()
    {
        using var folder = new ModelFolder("optimum-float32");
        int sessions = 0;
        var options = new OnnxPipelineOptions { Onnx = new OnnxOptions { Configure = _ => Interlocked.Increment(ref sessions) } };
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path, options);
        Assert.Equal(3, sessions);
    }

    [Fact]
    public async Task The_encoder_is_loaded_once_when_the_first_picture_is_encoded()
    {
        using var folder = new ModelFolder("optimum-float32");
        int sessions = 0;
        var options = new OnnxPipelineOptions { Onnx = new OnnxOptions { Configure = _ => Interlocked.Increment(ref sessions) } };
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path, options);
        pipeline.Generate(new TextToImageRequest("red") { Steps = 1, Seed = 1 });
        Assert.Equal(3, sessions);
        var request = new ImageToImageRequest("red", Values.Tensor(0, 1, 3, 16, 16)) { Steps = 2, Seed = 1 };
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => pipeline.GenerateAsync(request)));
        Assert.Equal(4, sessions);
    }

    [Fact]
    public void An_encoder_that_cannot_be_loaded_is_named_when_it_is_needed()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Write("vae_encoder/model.onnx", "not a model");
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        pipeline.Generate(new TextToImageRequest("red") { Steps = 1, Seed = 1 });
        var request = new ImageToImageRequest("red", Values.Tensor(0, 1, 3, 16, 16)) { Steps = 2, Seed = 1 };
        for (int attempt = 0; attempt < 2; attempt++)
        {
            Assert.Throws<ModelFormatException>(() => pipeline.Generate(request)).Says(folder.File("vae_encoder/model.onnx"));
        }
    }

    [Theory]
    [InlineData(null, 512)]
    [InlineData(64, 512)]
    [InlineData(1024, 1024)]
    public void Tiles_have_the_size_that_the_autoencoder_was_trained_at_and_at_least_512(int? trained, int tile)
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Edit("vae_decoder/config.json", config => config["sample_size"] = trained);
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        Assert.Equal(tile, Assert.IsType<TiledLatentDecoder>(pipeline.LatentDecoder).Tiling.TileSize);
        Assert.Equal(tile, Assert.IsType<TiledLatentEncoder>(pipeline.LatentEncoder).Tiling.TileSize);
    }

    [Fact]
    public void Tiles_of_the_options_are_taken_or_none()
    {
        using var folder = new ModelFolder("optimum-float32");
        using DiffusionPipeline whole = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { Tiling = null });
        Assert.IsType<OnnxLatentDecoder>(whole.LatentDecoder);
        var tiling = new LatentTiling { TileSize = 16, WholeSize = 0 };
        using DiffusionPipeline cut = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { Tiling = tiling });
        Assert.Equal(tiling, Assert.IsType<TiledLatentDecoder>(cut.LatentDecoder).Tiling);

        // The fixtures' autoencoder looks at one place: tiles of 8 latents change no more than the last bit of values below 8.
        var request = new ImageToImageRequest("red", Values.Tensor(0, 1, 3, 40, 48)) { Steps = 2, Seed = 1 };
        (GenerationResult expected, GenerationResult actual) = (whole.Generate(request), cut.Generate(request));
        Assert.All(expected.Images[0].Pixels.Values().ToArray().Zip(actual.Images[0].Pixels.Values().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void A_folder_goes_without_an_encoder()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Edit("model_index.json", index => index.Remove("vae_encoder"));
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        Assert.Null(pipeline.LatentEncoder);
        var error = Assert.Throws<InvalidOperationException>(() => pipeline.Generate(new ImageToImageRequest("red", Values.Tensor(0, 1, 3, 16, 16))));
        error.Says("no latent encoder");
    }

    [Fact]
    public void An_index_may_list_the_autoencoder_as_one_component()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Edit("model_index.json", index =>
        {
            index.Remove("vae_encoder");
            index.Remove("vae_decoder");
            index["vae"] = new System.Text.Json.Nodes.JsonArray("diffusers", "AutoencoderKL");
        });
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        Assert.NotNull(pipeline.LatentEncoder);
        Assert.Equal(0.5f, pipeline.LatentSpace.Scale);
    }

    [Fact]
    public void What_is_not_used_is_said()
    {
        using var folder = new ModelFolder("legacy-float32");
        using var log = new RecordingLogger();
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { LoggerFactory = log });
        Assert.Collection(
            log.Lines.Order(StringComparer.Ordinal),
            line => Assert.Equal($"{folder.File("model_index.json")}: the component 'feature_extractor' (CLIPFeatureExtractor) is not used.", line),
            line => Assert.Equal($"{folder.File("model_index.json")}: the component 'safety_checker' (OnnxRuntimeModel) is not used.", line),
            line => Assert.Equal($"{folder.File("scheduler/scheduler_config.json")}: the key 'steps_offset' is 0, which is outdated; 1 is used, as diffusers does.", line));
    }

    [Fact]
    public void Where_everything_is_used_nothing_is_said()
    {
        using var folder = new ModelFolder("optimum-float32");
        using var log = new RecordingLogger();
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { LoggerFactory = log });
        Assert.Empty(log.Lines);
    }
}
