using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>What tells every ResNet block of a UNet the time, and with it whatever else is one vector: guidance scale, class, pooled text and sizes, conditions.</summary>
internal static class TimeEmbedding
{
    private const string Batch = "batch_size";

    /// <summary>Adds the inputs that the network takes and embeds them, <c>[B, time channels]</c>.</summary>
    /// <param name="w">The weights of the network.</param>
    /// <param name="settings">What it says.</param>
    /// <param name="given">The conditions as they are given; null for a network without.</param>
    public static Value Embed(Weights w, UNetSettings settings, Value? given = null)
    {
        Graph graph = w.Graph;
        // A time for each row, so that generations at different steps share a call.
        Value time = Sinusoids(graph.Input("timestep", 1, Batch), settings);
        if (settings.TimeConditionChannels is { } guidance)
        {
            time += graph.Input("timestep_cond", 1, Batch, guidance).Linear(w["time_embedding"]["cond_proj"], time.Channels, bias: false);
        }

        Value embedded = time.TimeEmbedding(w["time_embedding"], settings.TimeChannels, settings.Activation);
        if (ClassEmbedding(w, settings) is { } ofClass)
        {
            embedded += ofClass;
        }

        if (settings.SizeChannels is { } sizes)
        {
            embedded += TextAndSizes(w, settings, sizes);
        }

        if (settings.Adm is { AddsGiven: true } adm && given is { } conditions)
        {
            embedded += conditions.ToTime(w["add_embedding"], settings, adm);
        }

        return settings.Adm?.TimeActivation is { } activation ? activation(embedded) : embedded;
    }

    private static Value Sinusoids(Value time, UNetSettings settings) => time.Sinusoids(settings.Channels[0], settings.CosineFirst, settings.FrequencyShift);

    private static Value? ClassEmbedding(Weights w, UNetSettings settings)
    {
        const string Name = "class_labels";
        if (settings.Class.Count is { } classes)
        {
            Value label = w.Graph.Input(Name, ElementType.Int64, 1, Batch);
            return label.Embed(w["class_embedding"].Tensor("weight", classes, settings.TimeChannels));
        }

        if (settings.Class.VectorChannels is { } channels)
        {
            return w.Graph.Input(Name, 1, Batch, channels).TimeEmbedding(w["class_embedding"], settings.TimeChannels, settings.Activation);
        }

        if (settings.Class.IsEmbedded)
        {
            return w.Graph.Input(Name, 1, Batch, settings.TimeChannels);
        }

        return settings.Class.IsTime
            ? Sinusoids(w.Graph.Input(Name, 1, Batch), settings).TimeEmbedding(w["class_embedding"], settings.TimeChannels, settings.Activation)
            : null;
    }

    // SDXL, arXiv:2307.01952, section 2.2: six numbers of the picture's size, of which the configuration says only how long they are with the text.
    private static Value TextAndSizes(Weights w, UNetSettings settings, int channels)
    {
        Value text = w.Graph.Input("text_embeds", 1, Batch, "pooled");
        Value sizes = w.Graph.Input("time_ids", 1, Batch, "sizes");
        Value waves = sizes.Sinusoids(channels, settings.CosineFirst, settings.FrequencyShift).ReshapeTo(sizes.Extent(0), w.Graph.Wholes(-1L));
        return Shapes.Concat(1, text, waves).WithChannels(settings.AddedChannels).TimeEmbedding(w["add_embedding"], settings.TimeChannels);
    }
}
