using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>What families around one UNet have in common: a text encoder and an autoencoder where the folder names them, and pixels where it names none.</summary>
internal abstract class UNetFamily : ModelFamily
{
    // The input of networks that were distilled on the guidance scale, whichever family they are of.
    private const string Scale = "timestep_cond";
    private const int SizesWithScore = 5;

    public override Action<DiffusionPipelineBuilder> Read(FolderReader folder)
    {
        LatentSpace? usual = UsualSpace(folder.Index);
        bool saysScore = folder.Index.Flag("requires_aesthetics_score", fallback: false);
        Loading<OnnxNoisePredictor> unet = folder.NoisePredictor("unet");
        Action<DiffusionPipelineBuilder> useTexts = ReadTexts(folder);
        FolderAutoencoder? autoencoder = folder.Autoencoder(usual, SpaceOf);
        Func<OnnxNoisePredictor, IEnumerable<IConditionEncoder>> conditions = Conditions(folder, autoencoder);
        FolderControlNets controlNets = FolderControlNets.Of(folder);
        FolderImagePrompts? imagePrompts = FolderImagePrompts.Of(folder);
        return builder =>
        {
            builder.UseNoisePredictor(folder.Batched(controlNets.Around(unet.Value))).UseDefaults(folder.Defaults(unet.Value, autoencoder, UsualRequest(folder.Index), isSizeUsual: usual is not null));
            useTexts(builder);
            if (autoencoder is null)
            {
                builder.UsePixelSpace(PixelChannels(folder.Index, unet.Value));
            }
            else
            {
                autoencoder.Use(builder);
            }

            builder.UseConditions(
            [
                .. conditions(unet.Value),
                .. Sizes(unet.Value, saysScore),
                .. Distillation(unet.Value),
                .. folder.Inpainting(unet.Value, autoencoder),
                .. controlNets.Encoders(unet.Value),
                .. imagePrompts?.Encoders(unet.Value) ?? [],
            ]);
            if (unet.Value.HasInput(Scale))
            {
                builder.UseGuidance(new EmbeddedGuidance());
            }

            Complete(builder);
        };
    }

    /// <summary>What a request has by default, and the size where none is known.</summary>
    protected virtual GenerationDefaults UsualRequest(FolderIndex index) => new();

    /// <summary>The latent space of autoencoders without a configuration; null where that is not known.</summary>
    protected virtual LatentSpace? UsualSpace(FolderIndex index) => null;

    /// <summary>Whether a sample without an autoencoder may have other channels than a picture.</summary>
    protected virtual bool MayHaveAnyChannels(FolderIndex index) => false;

    /// <summary>Asks for the text encoders, of which there is one or none unless a family has it otherwise.</summary>
    /// <returns>What gives them to a builder.</returns>
    protected virtual Action<DiffusionPipelineBuilder> ReadTexts(FolderReader folder)
    {
        Loading<OnnxTextEncoder>? text = folder.TextEncoder("text_encoder", "tokenizer");
        return builder => _ = text is null ? builder : builder.UseTextEncoder(folder.Cached(text));
    }

    /// <summary>What is diffused in, of the autoencoder's space.</summary>
    protected virtual LatentSpace SpaceOf(LatentSpace autoencoder) => autoencoder;

    /// <summary>Reads what else the network is conditioned on; a class, where it knows some.</summary>
    /// <returns>Makes the encoders for the network.</returns>
    protected virtual Func<OnnxNoisePredictor, IEnumerable<IConditionEncoder>> Conditions(FolderReader folder, FolderAutoencoder? autoencoder) =>
        unet => unet.Classes is { } classes ? [new ClassConditions(classes)] : [];

    /// <summary>Whatever else is particular to the family.</summary>
    protected virtual void Complete(DiffusionPipelineBuilder builder)
    {
    }

    /// <summary>Channels of a sample without an autoencoder.</summary>
    protected virtual int PixelChannels(FolderIndex index, OnnxNoisePredictor predictor) => predictor.SampleChannels switch
    {
        { } channels when channels is 1 or 3 || MayHaveAnyChannels(index) => channels,
        null => throw new ModelFormatException(predictor.Path, "neither the model nor a config.json beside it says how many channels a sample has: add 'in_channels' and 'out_channels'."),
        { } channels => throw new ModelFormatException(index.Path, $"names no autoencoder ('vae' or 'vae_decoder'), but the UNet's samples have {channels} channels, which no picture has (1 or 3)."),
    };

    private static IEnumerable<IConditionEncoder> Sizes(OnnxNoisePredictor predictor, bool saysScore) => predictor.HasInput(SizeConditions.Name)
        ? [new SizeConditions(hasScore: predictor.FixedWidthOf(SizeConditions.Name) is { } sizes ? sizes == SizesWithScore : saysScore)]
        : [];

    private static IEnumerable<IConditionEncoder> Distillation(OnnxNoisePredictor predictor) =>
        predictor.HasInput(Scale) ? [new GuidanceScaleConditions(Scale, predictor.WidthOf(Scale, "time_cond_proj_dim"))] : [];
}
