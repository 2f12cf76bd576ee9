using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>What families around one UNet have in common: a text encoder and an autoencoder where the folder names them, and pixels where it names none.</summary>
internal abstract class UNetFamily : ModelFamily
{
    public override Action<DiffusionPipelineBuilder> Read(FolderReader folder)
    {
        LatentSpace? usual = UsualSpace(folder.Index);
        Loading<OnnxNoisePredictor> unet = folder.NoisePredictor("unet");
        Loading<OnnxTextEncoder>? text = folder.TextEncoder("text_encoder", "tokenizer");
        FolderAutoencoder? autoencoder = folder.Autoencoder(usual);
        return builder =>
        {
            builder.UseNoisePredictor(folder.Batched(unet.Value)).UseDefaults(folder.Defaults(unet.Value, autoencoder, isSizeUsual: usual is not null));
            if (text is not null)
            {
                builder.UseTextEncoder(folder.Cached(text.Value));
            }

            if (autoencoder is null)
            {
                builder.UsePixelSpace(PixelChannels(folder.Index, unet.Value));
            }
            else
            {
                autoencoder.Use(builder);
                builder.UseConditions([.. folder.Inpainting(unet.Value, autoencoder)]);
            }
        };
    }

    /// <summary>The latent space of autoencoders without a configuration; null where that is not known.</summary>
    protected virtual LatentSpace? UsualSpace(FolderIndex index) => null;

    /// <summary>Whether a sample without an autoencoder may have other channels than a picture.</summary>
    protected virtual bool MayHaveAnyChannels(FolderIndex index) => false;

    private int PixelChannels(FolderIndex index, OnnxNoisePredictor predictor) => predictor.SampleChannels switch
    {
        { } channels when channels is 1 or 3 || MayHaveAnyChannels(index) => channels,
        null => throw new ModelFormatException(predictor.Path, "neither the model nor a config.json beside it says how many channels a sample has: add 'in_channels' and 'out_channels'."),
        { } channels => throw new ModelFormatException(index.Path, $"names no autoencoder ('vae' or 'vae_decoder'), but the UNet's samples have {channels} channels, which no picture has (1 or 3)."),
    };
}
