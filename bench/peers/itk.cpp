// ITK, the engine of SimpleITK: a mask, or a CT and its mask, from the files on disk to statistics per label, again and again.
//   itk rows <mask.nii.gz>              counts and boxes (and what ITK makes beside them: moments, centroids, sizes)
//   itk scan <ct.nii.gz> <mask.nii.gz>  the same, and mean, standard deviation (of the population), least and greatest Hounsfield unit
// One thread. Prints one line of JSON: milliseconds a call (processor and wall), median of 5 samples, and the answers by label.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <cstring>
#include <functional>
#include <map>
#include <vector>

#include <itkImageFileReader.h>
#include <itkLabelImageToShapeLabelMapFilter.h>
#include <itkLabelImageToStatisticsLabelMapFilter.h>
#include <itkMultiThreaderBase.h>
#include <itkNiftiImageIO.h>

namespace {

constexpr int Samples = 5;
constexpr double LeastSampleS = 0.1, LongestRepeatedS = 4;

using Labels = itk::Image<unsigned char, 3>;
using Answers = std::map<int, std::vector<double>>;

template <typename Image>
typename Image::Pointer Read(const char *path) {
    auto reader = itk::ImageFileReader<Image>::New();
    reader->SetImageIO(itk::NiftiImageIO::New());
    reader->SetFileName(path);
    reader->Update();
    return reader->GetOutput();
}

template <typename LabelObject>
std::vector<double> Shape(const LabelObject *object) {
    const auto box = object->GetBoundingBox();
    std::vector<double> answer{double(object->GetNumberOfPixels())};
    for (int axis = 0; axis < 3; axis++) answer.push_back(double(box.GetIndex(axis)));
    for (int axis = 0; axis < 3; axis++) answer.push_back(double(box.GetIndex(axis)) + double(box.GetSize(axis)));
    return answer;
}

Answers Rows(const char *mask) {
    auto filter = itk::LabelImageToShapeLabelMapFilter<Labels>::New();
    filter->SetInput(Read<Labels>(mask));
    filter->SetBackgroundValue(0);
    filter->Update();
    Answers answers;
    for (auto label : filter->GetOutput()->GetLabels()) answers[label] = Shape(filter->GetOutput()->GetLabelObject(label));
    return answers;
}

template <typename Voxel>
Answers Scan(const char *ct, const char *mask) {
    using Image = itk::Image<Voxel, 3>;
    auto labels = Read<Labels>(mask);
    auto image = Read<Image>(ct);
    // the two grids are the same; what their headers say in floating point may differ in the last digit, which ITK refuses
    image->CopyInformation(labels);
    auto filter = itk::LabelImageToStatisticsLabelMapFilter<Labels, Image>::New();
    filter->SetInput(labels);
    filter->SetFeatureImage(image);
    filter->SetBackgroundValue(0);
    filter->Update();
    Answers answers;
    for (auto label : filter->GetOutput()->GetLabels()) {
        const auto *object = filter->GetOutput()->GetLabelObject(label);
        std::vector<double> answer = Shape(object);
        const double n = answer[0];
        answer.insert(answer.end(), {object->GetMean(), object->GetStandardDeviation() * std::sqrt((n - 1) / n), object->GetMinimum(), object->GetMaximum()});
        answers[label] = answer;
    }
    return answers;
}

bool IsOfShorts(const char *path) {
    auto header = itk::NiftiImageIO::New();
    header->SetFileName(path);
    header->ReadImageInformation();
    return header->GetComponentType() == itk::CommonEnums::IOComponent::SHORT;
}

double Wall() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double Processor() { return double(std::clock()) / CLOCKS_PER_SEC; }

std::pair<double, double> Time(const std::function<void()> &work, int repeats) {
    const double processor = Processor(), wall = Wall();
    for (int at = 0; at < repeats; at++) work();
    return {(Processor() - processor) / repeats, (Wall() - wall) / repeats};
}

double Median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

int main(int count, char **words) {
    const bool rows = count == 3 && !std::strcmp(words[1], "rows"), scan = count == 4 && !std::strcmp(words[1], "scan");
    if (!rows && !scan) return 2;
    try {
        itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(1);
        Answers answers;
        const bool shorts = scan && IsOfShorts(words[2]);
        const auto work = [&] { answers = rows ? Rows(words[2]) : shorts ? Scan<short>(words[2], words[3]) : Scan<float>(words[2], words[3]); };
        const auto first = Time(work, 1);
        std::vector<double> processor, wall;
        const int repeats = int(LeastSampleS / first.second) + 1;
        for (int at = 0; at < Samples && first.second <= LongestRepeatedS; at++) {
            const auto sample = Time(work, repeats);
            processor.push_back(sample.first);
            wall.push_back(sample.second);
        }
        if (processor.empty()) processor.push_back(first.first), wall.push_back(first.second);
        std::printf("{\"who\": \"ITK\", \"what\": \"%s\", \"files\": [\"%s\"", words[1], words[2]);
        if (scan) std::printf(", \"%s\"", words[3]);
        std::printf("], \"cpu_ms\": %.6f, \"wall_ms\": %.6f, \"samples\": %zu, \"answers\": {", Median(processor) * 1e3, Median(wall) * 1e3, processor.size());
        const char *between = "";
        for (const auto &[label, values] : answers) {
            std::printf("%s\"%d\": [", between, label);
            for (size_t at = 0; at < values.size(); at++) std::printf("%s%.17g", at ? ", " : "", values[at]);
            std::printf("]");
            between = ", ";
        }
        std::printf("}}\n");
        return 0;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "itk: %s\n", error.what());
        return 1;
    }
}
