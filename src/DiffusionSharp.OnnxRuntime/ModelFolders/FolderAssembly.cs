using DiffusionSharp.Conditions;
using DiffusionSharp.Configuration;
using DiffusionSharp.Latents;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Makes a pipeline of the loaded parts of a folder.</summary>
internal sealed class FolderAssembly(FolderIndex index, OnnxPipelineOptions options, ILogger logger)
{
    private const int SizeOfStableDiffusion = 512;
    private const float ScaleOfStableDiffusion = 0.18215f;

    // Folders of this class were exported from Stable Diffusion before configurations were, so its constants are meant.
    private bool IsOldExport => index.PipelineClass?.StartsWith("OnnxStableDiffusion", StringComparison.Ordinal) == true;

    /// <summary>The scheduler, of the options or the folder.</summary>
    public IScheduler ReadScheduler() => options.Scheduler ?? SchedulerConfig.Load(index.Scheduler, index.PipelineClass, logger);

    /// <summary>The latent space, of the options or the folder; null for models that diffuse pixels.</summary>
    public LatentSpace? ReadLatentSpace()
    {
        if (index.Decoder is null || options.LatentSpace is not null)
        {
            return index.Decoder is null ? null : options.LatentSpace;
        }

        if (index.LatentSpaceConfigs.Select(ConfigFile.LoadIfPresent).FirstOrDefault(file => file is not null) is { } config)
        {
            return AutoencoderConfig.Read(config);
        }

        return IsOldExport
            ? new LatentSpace { Scale = ScaleOfStableDiffusion }
            : throw new ModelFormatException(index.LatentSpaceConfigs.First(), $"the file is missing, so the latent space is unknown: set {nameof(OnnxPipelineOptions)}.{nameof(OnnxPipelineOptions.LatentSpace)}.");
    }

    public DiffusionPipeline Build(LoadedParts parts, IScheduler scheduler)
    {
        DiffusionPipelineBuilder builder = DiffusionPipeline.CreateBuilder()
            .UseScheduler(scheduler)
            .UseGuidanceBatching(options.GuidanceBatching);
        AddPredictor(builder, parts);
        if (parts.TextEncoder is { } textEncoder)
        {
            builder.UseTextEncoder(options.CachedPrompts > 0 ? new CachedTextEncoder(textEncoder, options.CachedPrompts) : textEncoder);
        }

        if (parts.LatentDecoder is { } decoder)
        {
            builder.UseLatentDecoder(decoder);
        }
        else
        {
            builder.UsePixelSpace(PixelChannels(parts.NoisePredictor!));
        }

        if (parts.LatentEncoder is { } encoder)
        {
            builder.UseLatentEncoder(encoder);
        }

        if (options.CreateNoise is { } createNoise)
        {
            builder.UseNoise(createNoise);
        }

        return builder.UseDefaults(options.Defaults ?? DefaultsOf(parts)).Build();
    }

    // An inpainting model takes, behind the sample, a mask and as many channels as the sample has.
    private void AddPredictor(DiffusionPipelineBuilder builder, LoadedParts parts)
    {
        OnnxNoisePredictor predictor = parts.NoisePredictor!;
        INoisePredictor perhapsBatching = options.Batching is { } batching ? new BatchingNoisePredictor(predictor, batching) : predictor;
        bool isInpaintingModel = parts.LatentDecoder is { LatentSpace.Channels: int channels } && predictor.InputChannels == (2 * channels) + 1;
        if (isInpaintingModel && parts.LatentEncoder is not null)
        {
            builder.UseConditions(new MaskedPictureConditions());
        }
        else if (isInpaintingModel)
        {
            logger.NoEncoderForInpainting(index.UNet, predictor.InputChannels!.Value);
        }

        builder.UseNoisePredictor(perhapsBatching);
    }

    private int PixelChannels(OnnxNoisePredictor predictor) => predictor.SampleChannels switch
    {
        { } channels when channels is 1 or 3 || index.IsOfPixels => channels,
        null => throw new ModelFormatException(index.UNet, "neither the model nor a config.json beside it says how many channels a sample has: add 'in_channels' and 'out_channels'."),
        { } channels => throw new ModelFormatException(index.Path, $"names no autoencoder ('vae' or 'vae_decoder'), but the UNet's samples have {channels} channels, which no picture has (1 or 3)."),
    };

    private GenerationDefaults DefaultsOf(LoadedParts parts)
    {
        int factor = parts.LatentDecoder?.LatentSpace.DownsamplingFactor ?? 1;
        long? trained = (long?)parts.NoisePredictor!.TrainedSize * factor;
        if (trained > int.MaxValue)
        {
            throw new ModelFormatException(index.UNet, $"a 'sample_size' of {parts.NoisePredictor.TrainedSize} makes pictures of {trained} pixels a side.");
        }

        if (trained is null && !IsOldExport)
        {
            logger.UnknownSize(index.UNet, SizeOfStableDiffusion);
        }

        int size = (int)(trained ?? SizeOfStableDiffusion);
        return new GenerationDefaults { Width = size, Height = size };
    }
}
