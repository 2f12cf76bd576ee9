namespace GpuCheck;

/// <summary>The checks, one paragraph each. Times are medians; those of the library and of bare loops are taken in turn.</summary>
internal sealed partial class Checks(Report report, Device device, bool small)
{
    private static readonly string[] CudaFiles = ["libonnxruntime", "libcudnn", "libcublas", "libcudart", "libcufft", "libcurand", "libnvrtc", "libcuda.so"];

    private static readonly Net EmojiNet = new("emoji", Library.EmojiUNet, 16, 32, 192);

    public void Emoji()
    {
        int steps = small ? 4 : 30;
        Library? onCpu = null, onDevice = null;
        report.Check("emoji-load", 5, () =>
        {
            double cpu = Numbers.Seconds(() => onCpu = Library.Emoji(Device.Cpu));
            double other = Numbers.Seconds(() => onDevice = Library.Emoji(device));
            double first = Numbers.Seconds(() => onDevice!.Generate(new Job(steps)));
            double second = Numbers.Seconds(() => onDevice!.Generate(new Job(steps)));
            report.Line("emoji-load", ("device", device.Name), ("cpuSeconds", cpu), ("seconds", other), ("firstPictureSeconds", first), ("secondPictureSeconds", second), ("gpuMiB", Gpu.UsedMiB()));
            report.Line("libraries", ("loaded", Gpu.Loaded(CudaFiles)));
        });
        if (onCpu is not null && onDevice is not null)
        {
            EmojiWith(onCpu, onDevice, steps);
        }

        onCpu?.Dispose();
        onDevice?.Dispose();
        report.Check("emoji-threads", 3, () =>
        {
            // How many cores a generation keeps busy.
            using Library library = Library.Emoji(device);
            library.Generate(new Job(steps));
            TimeSpan busy = Environment.CpuUsage.TotalTime;
            double seconds = Numbers.Seconds(() =>
            {
                for (int i = 0; i < 3; i++)
                {
                    library.Generate(new Job(steps));
                }
            });
            report.Line("emoji-threads", ("device", device.Name), ("busyCores", (Environment.CpuUsage.TotalTime - busy).TotalSeconds / seconds));
        });
        if (device.IsCuda)
        {
            report.Check("emoji-graph", 5, () => Graphs("emoji-graph", EmojiNet));
            report.Check("emoji-tf32", 5, () =>
            {
                using Library cpu = Library.Emoji(Device.Cpu), rounded = Library.Emoji(device.With("tf32", ("use_tf32", "1")));
                Agree("emoji-agree-tf32", cpu, rounded, new Job(steps));
            });
        }
    }

    private void EmojiWith(Library onCpu, Library onDevice, int steps)
    {
        report.Check("emoji-agree", 10, () =>
        {
            Agree("emoji-agree", onCpu, onDevice, new Job(steps));
            float[] a = onCpu.Generate(new Job(steps)).Pixels, b = onDevice.Generate(new Job(steps)).Pixels;
            report.Line("emoji-agree", ("pixelsMaxOf255", Enumerable.Range(0, a.Length).Max(i => Math.Abs((double)a[i] - b[i])) * 127.5));
        });
        report.Check("emoji-repeat", 2, () => Repeat("emoji-repeat", onDevice, new Job(steps)));
        report.Check("emoji-concurrent", 3, () => Concurrent("emoji-concurrent", onDevice, steps));
        report.Check("emoji-allocation", 2, () =>
        {
            Allocation("emoji-allocation", "cpu", onCpu, new Job(steps));
            Allocation("emoji-allocation", device.Name, onDevice, new Job(steps));
        });
        using (var bare = new BareModel(EmojiNet, device.AsLibrary()))
        {
            report.Check("emoji-step", 5, () => StepTimes("emoji-step", onDevice, bare, 1, steps));
            report.Check("emoji-step8", 5, () => StepTimes("emoji-step8", onDevice, bare, 8, steps));
        }

        report.Check("emoji-preview", 2, () => report.Line("emoji-preview", ("seconds", onDevice.PreviewSeconds(new Job(steps)).Result)));
        report.Check("emoji-batching", 25, () => Batching("emoji-batching", onDevice, rows => Library.Emoji(device, rows), steps));
    }

    public void UNets(Net f32, Net f16, Net f32Fused, Net f16Fused, string referencePath)
    {
        int steps = small ? 3 : 12;
        var values = new Dictionary<string, float[]>();
        foreach (Net net in (Net[])[f16Fused, f16, f32])
        {
            UNet(net, steps, net == f16Fused, net != f32, values);
        }

        if (device.IsCuda)
        {
            report.Check("unet-graph", 12, () => Graphs("unet-graph", f16Fused));
            report.Check("unet-new-shapes", 25, () => NewShapes(f16Fused));
            report.Check("unet-settings", 25, () => Settings(f16Fused));
        }

        // One call of each, on the same input: against the processor in float32, and against PyTorch in float32.
        report.Check("unet-values", 25, () =>
        {
            float[] cpu = Value(f32, Device.Cpu);
            float[]? torch = File.Exists(referencePath) ? [.. File.ReadAllBytes(referencePath).Chunk(4).Select(bytes => BitConverter.ToSingle(bytes))] : null;
            AgreeWith(cpu, torch, "f32 cpu", cpu);

            // What a blanked library has no kernel for comes last.
            Device plain = device.AsLibrary();
            foreach ((Net net, Device on) in ((Net, Device)[])[(f16Fused, plain), (f32, plain), (f16, plain), .. Roundings().Skip(1).Select(other => (f32, other)), (f32Fused, plain)])
            {
                AgreeWith(cpu, torch, $"{net.Name} {on.Name}", values.GetValueOrDefault($"{net.Name} {on.Name}") ?? Value(net, on));
            }
        });
        report.Check("unet-f32-agree", 25, () =>
        {
            using Library cpu = Library.UNet(f32, Device.Cpu);
            foreach (Device other in Roundings())
            {
                using Library library = Library.UNet(f32, other);
                Agree($"unet-f32-agree:{other.Name}", cpu, library, new Job(small ? 2 : 3));
            }
        });
    }

    private static float[] Value(Net net, Device on)
    {
        using var model = new BareModel(net, on);
        return Value(model);
    }

    private static float[] Value(BareModel model)
    {
        using var loop = new BareLoop(model, 2, Buffers.OnHost);
        loop.Run();
        return loop.Result();
    }

    private void UNet(Net net, int steps, bool thoroughly, bool eight, Dictionary<string, float[]> values)
    {
        string name = $"unet-{net.Name}";
        Library? library = null;
        report.Check($"{name}-load", 20, () =>
        {
            long before = Gpu.UsedMiB();
            double seconds = Numbers.Seconds(() => library = Library.UNet(net, device));
            double first = Numbers.Seconds(() => library!.Generate(new Job(1)));
            double second = Numbers.Seconds(() => library!.Generate(new Job(1)));
            report.Line($"{name}-load", ("seconds", seconds), ("firstStepSeconds", first), ("secondStepSeconds", second), ("gpuMiB", Gpu.UsedMiB() - before));
        });
        if (library is null)
        {
            return;
        }

        using (library)
        {
            report.Check($"{name}-step", 15, () =>
            {
                using var bare = new BareModel(net, device.AsLibrary());
                StepTimes($"{name}-step", library, bare, 1, steps);
                values[$"{net.Name} {bare.Device.Name}"] = Value(bare);
                if (eight && report.Left > 20)
                {
                    StepTimes($"{name}-step8", library, bare, 8, steps);
                }
            });
            if (!thoroughly)
            {
                return;
            }

            report.Check($"{name}-allocation", 5, () => Allocation($"{name}-allocation", device.Name, library, new Job(steps)));
            report.Check($"{name}-concurrent", 10, () => Concurrent($"{name}-concurrent", library, steps));
            report.Check($"{name}-cancel", 10, () => Cancel($"{name}-cancel", library));
            report.Check($"{name}-memory", 10, () =>
            {
                long before = Gpu.UsedMiB();
                library.Generate(new Job(1, 8));
                long eightMiB = Gpu.UsedMiB();
                library.Generate(new Job(1));
                report.Line($"{name}-memory", ("beforeMiB", before), ("afterEightPicturesMiB", eightMiB), ("afterOneMoreMiB", Gpu.UsedMiB()));
            });
            report.Check($"{name}-batching", 40, () => Batching($"{name}-batching", library, rows => Library.UNet(net, device, rows), small ? 2 : 5));
        }

        report.Line($"{name}-memory", ("afterDisposeMiB", Gpu.UsedMiB()));
    }

    private static Device Heuristic(Device device, string tensorFloat32) =>
        device.With($"search-heuristic-tf32-{tensorFloat32}", ("cudnn_conv_algo_search", "HEURISTIC"), ("use_tf32", tensorFloat32));

    private Device[] Roundings() => device.IsCuda ? [device, device.With("tf32", ("use_tf32", "1"))] : [device];
}
