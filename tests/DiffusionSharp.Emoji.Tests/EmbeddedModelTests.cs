using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp.Emoji.Tests;

/// <summary>The model lies beside the app and is what its model card says.</summary>
public class EmbeddedModelTests
{
    [Fact]
    public void It_loads_from_beside_the_app_without_a_word()
    {
        Assert.StartsWith(AppContext.BaseDirectory, EmojiPipeline.ModelFolder, StringComparison.Ordinal);
        using var log = new RecordingLogger();
        using DiffusionPipeline pipeline = EmojiPipeline.Load(new OnnxPipelineOptions { LoggerFactory = log });
        Assert.Empty(log.Lines);
        Assert.Equal(EmojiPipeline.Defaults, pipeline.Defaults);
        Assert.Equal((128, 128), (pipeline.Defaults.Width, pipeline.Defaults.Height));
    }

    [Fact]
    public void Defaults_of_ones_own_win()
    {
        var defaults = new GenerationDefaults { Width = 64, Height = 96, Steps = 2, GuidanceScale = 1 };
        using DiffusionPipeline pipeline = EmojiPipeline.Load(new OnnxPipelineOptions { Defaults = defaults });
        GenerationResult result = pipeline.Generate(new TextToImageRequest("a red heart"));
        Assert.Equal([1, 3, 96, 64], result.Images[0].Pixels.Lengths.ToArray());
        Assert.Equal(2, result.Timings.Steps);
    }

    [Fact]
    public void The_latent_space_is_the_model_cards()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        Assert.Equal(new LatentSpace { Channels = 8, DownsamplingFactor = 8, Scale = 1 }, pipeline.LatentSpace);
        Assert.Equal(pipeline.LatentSpace, pipeline.LatentEncoder!.LatentSpace);
    }

    [Fact]
    public void The_scheduler_is_the_model_cards()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        DdimOptions options = Assert.IsType<DdimScheduler>(pipeline.Scheduler).Options;
        Assert.Equal(Prediction.PredictionType.Epsilon, options.PredictionType);
        Assert.Equal(1000, options.Schedule.TrainingTimesteps);

        // Scaled linear betas begin and end at 0.00085 and 0.012, and have the mean of the roots' square in the middle; float32.
        Assert.Equal(0.00085, options.Schedule.Betas[0], 1e-9);
        Assert.Equal(0.012, options.Schedule.Betas[999], 1e-9);
        double middle = (Math.Sqrt(0.00085) + (500 / 999.0 * (Math.Sqrt(0.012) - Math.Sqrt(0.00085))));
        Assert.Equal(middle * middle, options.Schedule.Betas[500], 1e-8);
    }

    [Fact]
    public void The_text_encoder_gives_32_tokens_of_192_numbers()
    {
        ClipTokenizer tokenizer = ClipTokenizer.Load(Path.Combine(EmojiPipeline.ModelFolder, "tokenizer"));
        Assert.Equal((1814, 32), (tokenizer.VocabularySize, tokenizer.MaxLength));
        using var encoder = new OnnxTextEncoder(Path.Combine(EmojiPipeline.ModelFolder, "text_encoder", "model.onnx"), tokenizer);
        TextEncoding encoding = encoder.Encode(["a red heart", ""]);
        Assert.Equal([2, 32, 192], encoding.Parts.Context!.Lengths.ToArray());
        Assert.Equal([2, 192], encoding.Parts.Pooled!.Lengths.ToArray());
    }

    [Fact]
    public void The_network_was_trained_at_16_by_16_latents_of_8_channels()
    {
        using var predictor = new OnnxNoisePredictor(Path.Combine(EmojiPipeline.ModelFolder, "unet", "model.onnx"));
        Assert.Equal((8, 16), (predictor.InputChannels, predictor.TrainedSize));
    }

    [Theory]
    [InlineData(128, 128)]
    [InlineData(192, 96)]
    public void Other_sizes_run(int width, int height)
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        GenerationResult result = pipeline.Generate(new TextToImageRequest("a house") { Width = width, Height = height, Steps = 1, Seed = 0 });
        Assert.Equal([1, 3, height, width], result.Images[0].Pixels.Lengths.ToArray());
        Assert.Equal([1, 8, height / 8, width / 8], result.Latents.Lengths.ToArray());
    }

    [Fact]
    public void A_size_that_the_network_cannot_halve_twice_is_refused()
    {
        // 120 pixels are 15 latents.
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        Assert.Equal(32, pipeline.SizeMultiple);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Generate(new TextToImageRequest("a house") { Width = 120 }));
        Assert.Contains("multiples of 32 pixels", error.Message, StringComparison.Ordinal);
        Assert.Contains("96 and 128", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_that_is_too_long_is_cut_with_a_warning()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        string prompt = string.Join(", ", Enumerable.Repeat("a red heart", 20));
        GenerationResult result = pipeline.Generate(new TextToImageRequest(prompt) { Steps = 1 });
        Assert.Contains("left out", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }
}
