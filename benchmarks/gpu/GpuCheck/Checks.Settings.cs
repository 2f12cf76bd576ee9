namespace GpuCheck;

/// <content>Settings of ONNX Runtime, on bare sessions.</content>
internal sealed partial class Checks
{
    // CUDA graphs, bare with buffers at fixed addresses; the library refuses them.
    private void Graphs(string name, Net net)
    {
        Device graph = device.With("graph", ("enable_cuda_graph", "1"));
        int rows = 2;
        using (var plainModel = new BareModel(net, device))
        using (var graphModel = new BareModel(net, graph))
        using (var plain = new BareLoop(plainModel, rows, Buffers.OnHost))
        using (var replayed = new BareLoop(graphModel, rows, Buffers.Fixed))
        {
            List<double> plainTimes = [], graphTimes = [];
            double worst = 0;
            for (int i = 0; i < 12; i++)
            {
                plain.SetSample(i);
                replayed.SetSample(i);
                plainTimes.Add(Numbers.Seconds(plain.Run));
                graphTimes.Add(Numbers.Seconds(replayed.Run));
                worst = Math.Max(worst, Numbers.MaxRelative(replayed.Result(), plain.Result()));
            }

            report.Line(name, ("of", "bare"), ("plainMs", 1e3 * Numbers.Median(plainTimes.Skip(4))), ("graphMs", 1e3 * Numbers.Median(graphTimes.Skip(4))), ("maxRelative", worst), ("ok", worst < 0.01));
        }

        string? refused = Library.GraphError();
        report.Line(name, ("of", "library"), ("refused", refused), ("ok", refused is not null));
    }

    private void Settings(Net net)
    {
        Device[] devices =
        [
            device,
            Heuristic(device, "1"),
            Heuristic(device, "0"),
            device.With("search-default", ("cudnn_conv_algo_search", "DEFAULT")),
            device.With("nhwc", ("prefer_nhwc", "1"), ("cudnn_conv_algo_search", "HEURISTIC")),
            device.With("same-as-requested", ("arena_extend_strategy", "kSameAsRequested"), ("cudnn_conv_algo_search", "HEURISTIC")),
            device.With("no-memory-pattern", ("cudnn_conv_algo_search", "HEURISTIC")) with { MemoryPattern = false },
            device.With("small-workspace", ("cudnn_conv_use_max_workspace", "0")),
        ];
        foreach (Device setting in devices)
        {
            if (report.Left < 12)
            {
                report.Line("unet-settings", ("of", setting.Name), ("skipped", "no time left"));
                continue;
            }

            try
            {
                long before = Gpu.UsedMiB();
                BareModel? model = null;
                double load = Numbers.Seconds(() => model = new BareModel(net, setting));
                using (model)
                using (var loop = new BareLoop(model!, 2, Buffers.OnDevice))
                {
                    double first = Numbers.Seconds(loop.Run);
                    double[] times = [.. Enumerable.Range(0, 15).Select(_ => Numbers.Seconds(loop.Run))];
                    report.Line("unet-settings", ("of", setting.Name), ("rows", 2), ("loadSeconds", load), ("firstSeconds", first), ("ms", 1e3 * Numbers.Median(times)), ("gpuMiB", Gpu.UsedMiB() - before));
                }
            }
            catch (Exception e)
            {
                report.Line("unet-settings", ("of", setting.Name), ("error", e.Message));
            }
        }
    }

    // What a number of rows that was not seen before costs, and one that was, after another: batching brings both about. ONNX Runtime's convolutions
    // remember how they compute the last shape alone. Without TF32 it first looks for a way that float16 does not have.
    private void NewShapes(Net net)
    {
        foreach (Device setting in (Device[])[device, Heuristic(device, "1"), device.With("search-default", ("cudnn_conv_algo_search", "DEFAULT")), device.With("search-exhaustive", ("cudnn_conv_algo_search", "EXHAUSTIVE"))])
        {
            if (report.Left < 10)
            {
                report.Line("unet-new-shapes", ("of", setting.Name), ("skipped", "no time left"));
                continue;
            }

            using Library library = Library.UNet(net, setting);
            library.Generate(new Job(2));
            int[] pictures = [2, 3, 4, 2, 3, 4];
            List<double> first = [], second = [];
            foreach (int count in pictures)
            {
                if (report.Left < 5)
                {
                    break;
                }

                first.Add(1e3 * Numbers.Seconds(() => library.Generate(new Job(1, count))));
                second.Add(1e3 * Numbers.Seconds(() => library.Generate(new Job(1, count))));
            }

            report.Line("unet-new-shapes", ("of", setting.Name), ("pictures", pictures.Select(count => (double)count)), ("firstMs", first), ("secondMs", second));
        }
    }
}
